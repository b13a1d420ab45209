"""What waits for a guardian's signature: asked once, and said by the room that asked (`registry.signature_lines`)."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from core import registry
from core.frozen import frozen
from shared_apps.signatures.models import Slot
from tenant_apps.people.slots import slots_of


def todos(user: Any, profile: str) -> Iterable[registry.Todo]:
    if profile != "guardian":
        return []
    slots = sorted(_unsigned(user), key=_purpose)
    lines = registry.signature_lines
    found = [(lines[purpose], list(group)) for purpose, group in groupby(slots, _purpose) if purpose in lines]
    return [todo for said, group in found for todo in said(user, group)]


@frozen
def _unsigned(user: Any) -> QuerySet[Slot]:
    by_another = Slot.objects.filter(
        request=OuterRef("request"), subject_id=OuterRef("subject_id"), signed_at__isnull=False
    )
    return slots_of(user).filter(signed_at=None).annotate(is_settled=Exists(by_another)).select_related("request")


def _purpose(slot: Slot) -> str:
    return slot.request.purpose
