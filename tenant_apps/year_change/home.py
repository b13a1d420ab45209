"""What the change of year brings to the home page."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.frozen import Asked, frozen
from core.registry import Todo
from tenant_apps.year_change.models import Placement, YearDraft


def todos(user: Any, profile: str) -> Iterable[Todo] | Asked:
    if profile == "guardian":
        return _placements.asked(user, timezone.now()).then(_of_guardian)
    return _of_head(user) if profile == "head" else []


def _of_guardian(rows: list[Placement]) -> list[Todo]:
    return [
        Todo(
            when=None,
            kind="read",
            title=_("Sa classe de %(year)s : %(class)s")
            % {"year": row.draft.year.label, "class": row.draft_class.label if row.draft_class else ""},
            detail="",
            url=reverse("year_change:classes"),
            action=_("Voir la classe"),
            subject_id=row.pupil_id,
        )
        for row in rows
    ]


@frozen
def _placements(user: Any, now: datetime) -> QuerySet[Placement]:
    return Placement.objects.visible_to(user, now).select_related("pupil__person", "draft__year", "draft_class")


def _of_head(user: Any) -> list[Todo]:
    """A board begun and not dated yet."""
    rows = YearDraft.objects.visible_to(user).filter(publishes_at=None, applied_at=None).select_related("year")
    return [
        Todo(
            when=None,
            kind="do",
            title=_("Préparer l’année %(year)s") % {"year": row.year.label},
            detail=_("Les familles ne voient rien tant que vous n’avez pas fixé de date."),
            url=row.get_absolute_url(),
            action=_("Continuer"),
        )
        for row in rows
    ]
