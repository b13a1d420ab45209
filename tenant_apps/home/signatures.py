"""What waits for a guardian's signature: asked once, and said by the room that asked (`registry.signature_lines`)."""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from core import registry
from core.frozen import frozen
from shared_apps.signatures.models import Slot
from tenant_apps.people.slots import slots_of

PURPOSE = attrgetter("purpose")


def todos(user: Any, profile: str) -> Iterable[registry.Todo]:
    if profile != "guardian":
        return []
    slots = sorted(_unsigned(user), key=PURPOSE)
    lines = registry.signature_lines
    found = [(lines[purpose], list(group)) for purpose, group in groupby(slots, PURPOSE) if purpose in lines]
    return [todo for said, group in found for todo in said(user, group)]


@frozen
def _unsigned(user: Any) -> QuerySet:
    """Rows of plain values: to make a slot and its request of each would cost more than to read them."""
    by_another = Slot.objects.filter(
        request=OuterRef("request"), subject_id=OuterRef("subject_id"), signed_at__isnull=False
    )
    of_request = {name: F(f"request__{name}") for name in ("purpose", "object_id", "rule", "due_on", "closed_at")}
    slots = slots_of(user).filter(signed_at=None).annotate(is_settled=Exists(by_another), **of_request)
    return slots.values_list("subject_id", "read_at", "is_settled", *of_request, named=True)
