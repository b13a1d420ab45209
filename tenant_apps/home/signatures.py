"""What waits for a guardian's signature: asked once, and said by the room that asked (`registry.signature_lines`)."""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from core import registry
from core.frozen import Asked, beside, frozen
from shared_apps.signatures.models import Slot
from tenant_apps.people.slots import slots_of

PURPOSE = attrgetter("purpose")


def todos(user: Any, profile: str) -> Iterable[registry.Todo] | Asked:
    if profile != "guardian":
        return []
    lines = registry.signature_lines
    return beside(_unsigned.asked(user), *(one.ask(user) for one in lines)).then(_said)


def _said(found: list[Any]) -> list[registry.Todo]:
    slots, *rooms = found
    rows = dict(zip((purpose for purpose, _lines in registry.signature_lines.items()), rooms, strict=True))
    grouped = groupby(sorted(slots, key=PURPOSE), PURPOSE)
    said = [registry.signature_lines[one].say(list(group), rows[one]) for one, group in grouped if one in rows]
    return [todo for lines in said for todo in lines]


@frozen
def _unsigned(user: Any) -> QuerySet:
    """Rows of plain values: to make a slot and its request of each would cost more than to read them."""
    by_another = Slot.objects.filter(
        request=OuterRef("request"), subject_id=OuterRef("subject_id"), signed_at__isnull=False
    )
    of_request = {name: F(f"request__{name}") for name in ("purpose", "object_id", "rule", "due_on", "closed_at")}
    slots = slots_of(user).filter(signed_at=None).annotate(is_settled=Exists(by_another), **of_request)
    return slots.values_list("subject_id", "read_at", "is_settled", *of_request, named=True)
