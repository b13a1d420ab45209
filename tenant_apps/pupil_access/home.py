"""What this app brings to other pages: children who ask for help, on their teacher's home; one's own data."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.registry import Todo
from tenant_apps.pupil_access.models import PupilKey


def todos(user: Any, profile: str) -> Iterable[Todo]:
    """The head sees them on the page of the class: children are helped by who is with them."""
    if profile != "teacher":
        return []
    keys = PupilKey.objects.visible_to(user).asking().select_related("pupil__person").order_by("help_asked_at", "pk")
    return [_todo(key) for key in keys]


def _todo(key: PupilKey) -> Todo:
    return Todo(
        when=timezone.localdate(key.help_asked_at),
        kind="do",
        title=_("%(name)s n’arrive pas à entrer") % {"name": key.pupil.person.full_name},
        detail=_("Ses images ou son mot de passe : vous pouvez les lui montrer, ou lui en donner d’autres."),
        url=reverse("pupil_access:pupil", args=[key.pupil_id]),
        action=_("L’aider"),
        subject_id=key.pupil_id,
    )


def personal_data(person_id: Any) -> dict[str, list[dict[str, Any]]]:
    keys = PupilKey.objects.filter(pupil__person=person_id)
    return {"pupil_access": list(keys.values("face", "entered_at", "entered_by", "left_at", "help_asked_at"))}
