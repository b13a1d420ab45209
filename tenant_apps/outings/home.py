"""What outings bring to a guardian's home page: what waits for a signature."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.registry import Todo
from tenant_apps.outings.models import Outing


def of_guardian(slots: list[Any], _rows: Any) -> Iterable[Todo]:
    today = timezone.localdate()
    due = [one for one in slots if _is_open(one, today)]
    found = Outing.objects.in_bulk({slot.object_id for slot in due}) if due else {}
    return [_todo(found[slot.object_id], slot) for slot in due]


def _is_open(slot: Any, today: date) -> bool:
    return slot.closed_at is None and slot.due_on is not None and slot.due_on >= today


def _todo(outing: Outing, slot: Any) -> Todo:
    return Todo(
        when=outing.due_on,
        kind="sign",
        title=outing.title,
        detail=_("Sortie : autorisation et participation"),
        url=outing.get_absolute_url(),
        action=_("Lire et signer"),
        subject_id=slot.subject_id,
        is_urgent=outing.due_on <= timezone.localdate() + timedelta(days=1),
    )
