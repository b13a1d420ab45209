"""What a family reads: next year's class once published, last year's while it is readable."""

from collections import defaultdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from core import registry
from tenant_apps.people.last_year import last_enrollments_of_family, readable_until
from tenant_apps.people.models import Person, StaffAssignment
from tenant_apps.people.roles import TEACHING
from tenant_apps.year_change.models import Placement


def classes(request: HttpRequest) -> HttpResponse:
    """For guardians, for who has only left children, and for a pupil."""
    if request.profile not in {"guardian", "pupil", ""}:
        raise Http404
    request.nav_current = "home"
    coming = Placement.objects.visible_to(request.user).select_related(
        "pupil__person", "draft__school", "draft__year", "draft_class"
    )
    context = {
        "coming": [{"row": row, "staff": _planned(row)} for row in coming.prefetch_related("draft_class__staff")],
        "past": _past(request.user),
        "is_pupil": request.profile == "pupil",
    }
    return render(request, "year_change/classes.html", context)


def _planned(row: Placement) -> list[Person]:
    return list(row.draft_class.staff.all()) if row.draft_class else []


def _past(user: Any) -> list[dict[str, Any]]:
    """The last class of each child in a readable year, its teachers, and what features keep of it."""
    last = {row.pupil_id: row for row in last_enrollments_of_family(user).order_by("ends_on", "pk")}
    teachers = _teachers([row.school_class_id for row in last.values()])
    return [
        {
            "row": row,
            "until": readable_until(row.school_class.year),
            "staff": teachers[row.school_class_id],
            "links": [link for source in registry.last_year_sources for link in source(user, row)],
        }
        for row in last.values()
    ]


def _teachers(classes: list[Any]) -> dict[Any, list[Person]]:
    rows = StaffAssignment.objects.filter(school_class__in=classes, role__in=TEACHING).select_related("person")
    found: dict[Any, list[Person]] = defaultdict(list)
    for row in rows.order_by("starts_on", "pk"):
        if row.person not in found[row.school_class_id]:
            found[row.school_class_id].append(row.person)
    return found
