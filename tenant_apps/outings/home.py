"""What outings bring to a guardian's home page: what waits for a signature."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.registry import Todo
from tenant_apps.outings.models import Outing
from tenant_apps.outings.querysets import slots_visible_to


def todos(user: Any, profile: str) -> Iterable[Todo]:
    if profile != "guardian":
        return []
    slots = list(
        slots_visible_to(user)
        .unsigned()
        .filter(request__due_on__gte=timezone.localdate(), request__closed_at=None)
        .select_related("request")
    )
    found = Outing.objects.in_bulk({slot.request.object_id for slot in slots}) if slots else {}
    return [_todo(found[slot.request.object_id], slot) for slot in slots]


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
