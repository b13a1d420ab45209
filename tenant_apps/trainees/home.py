"""What this app adds elsewhere: a line of the home page, the roll-up's denominators, one's own data."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from core.registry import Todo
from core.words import clock
from shared_apps.training.coverage import TEACHERS
from tenant_apps.people.models import StaffAssignment
from tenant_apps.trainees.models import TrainingRegistration

SOON = timedelta(days=8)


def todos(user: Any, profile: str) -> Iterable[Todo]:
    """The training of the coming week."""
    if profile not in ("teacher", "head", "moving"):
        return []
    today = timezone.localdate()
    rows = TrainingRegistration.objects.visible_to(user).filter(state="confirmed")
    rows = rows.filter(day__gte=today, day__lte=today + SOON)
    return [
        Todo(
            when=row.day,
            kind="read",
            title=_("Formation : %(title)s") % {"title": row.title},
            detail=_("À %(clock)s, %(where)s") % {"clock": clock(row.starts_at), "where": row.where},
            url=row.get_absolute_url(),
            action=_("Voir la session"),
        )
        for row in rows.order_by("day", "starts_at", "pk")
    ]


def counters() -> dict[tuple[str, str], int]:
    """Teachers and heads in post, by school: what the academy divides by."""
    roles = StaffAssignment.TEACHING | {StaffAssignment.Role.HEAD}
    posts = StaffAssignment.objects.on().filter(role__in=roles, school__is_open=True)
    rows = posts.order_by().values_list("school__uai").annotate(n=Count("person", distinct=True))
    return {(uai, TEACHERS): n for uai, n in rows}


def personal_data(person_id: Any) -> dict[str, list[dict[str, Any]]]:
    rows = TrainingRegistration.objects.filter(account__person=person_id).order_by("day", "pk")
    columns = ("title", "level", "day", "school__uai", "state", "certificate", "rating", "comment")
    return {"trainees": list(rows.values(*columns))}
