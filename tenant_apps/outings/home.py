"""What outings bring to a guardian's home page: what waits for a signature."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.frozen import frozen
from core.registry import Todo
from shared_apps.signatures.models import Slot
from tenant_apps.outings.models import Outing
from tenant_apps.outings.querysets import slots_visible_to


def todos(user: Any, profile: str) -> Iterable[Todo]:
    if profile != "guardian":
        return []
    slots = _unsigned(user, timezone.localdate())
    found = Outing.objects.in_bulk({slot.request.object_id for slot in slots}) if slots else {}
    return [_todo(found[slot.request.object_id], slot) for slot in slots]


@frozen
def _unsigned(user: Any, today: date) -> QuerySet[Slot]:
    rows = slots_visible_to(user).unsigned().filter(request__due_on__gte=today, request__closed_at=None)
    return rows.select_related("request")


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
