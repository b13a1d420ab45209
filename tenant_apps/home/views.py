"""One page, four faces: a class by profile, in a table."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from core import registry
from core.context import placed
from core.frozen import Asked, frozen, together
from core.registry import Todo
from core.security import allow
from core.words import due_word, past_word, short_day
from tenant_apps.home.pupils import next_break, week_strip
from tenant_apps.people.models import Enrollment, Guardianship, StaffAssignment
from tenant_apps.schools.models import Grade


def home(request: HttpRequest) -> HttpResponse:
    return FACES.get(request.profile, _nobody)(request)


def _guardian(request: HttpRequest) -> HttpResponse:
    # Sections are the guardian's own (children of another commune): not for a head who sees as they do.
    sources = [] if hasattr(request, "seen_as") else registry.home_sections
    todos, enrollments, *sections = together(
        _ask_todos(request), _enrollments_of_children.asked(request.user), *(source(request) for source in sources)
    )
    sections = [section for section in sections if section]
    # For the rights that open a link: what is read here is not asked again.
    request.user.has_children_of_cycle_1 = any(Grade(one.grade).cycle == 1 for one in enrollments)
    children = [
        {"row": one, "lines": _lines(todo for todo in todos if todo.subject_id == one.pupil_id)} for one in enrollments
    ]
    links = _links(request, registry.resource_links)
    own = _lines(todo for todo in todos if todo.subject_id is None)
    context = {"children": children, "own": own, "links": links, "sections": sections} | _summary(todos)
    response = render(request, "home/guardian.html", context)
    return allow(response, "connect-src", *(origin for section in sections for origin in section.connects_to))


def _staff(request: HttpRequest) -> HttpResponse:
    assignments = StaffAssignment.objects.of(request.user).on().select_related("school", "school_class")
    (todos,) = together(_ask_todos(request))
    context = {
        "lines": _lines(todos),
        "assignments": assignments,
        "links": _links(request, registry.resource_links),
        "actions": _links(request, registry.home_actions),
    }
    context |= _summary(todos)
    return render(request, "home/staff.html", context)


def _pupil(request: HttpRequest) -> HttpResponse:
    enrollment = _own_enrollment(request)
    week = week_strip(enrollment.school_class.school) if enrollment else []
    context = {
        "enrollment": enrollment,
        "week": week,
        "is_reader": enrollment is not None and enrollment.is_reader,
        "links": _links(request, registry.resource_links),
    }
    return render(request, "home/pupil.html", context)


def pupil_class(request: HttpRequest) -> HttpResponse:
    """First names only: a child knows its class."""
    enrollment = _own_enrollment(request, required=True)
    mates = Enrollment.objects.on().filter(school_class=enrollment.school_class).order_by("pupil__person__sort_name")
    context = {
        "enrollment": enrollment,
        "teachers": _teachers(enrollment),
        "classmates": list(mates.values_list("pupil__person__first_name", flat=True)),
    }
    return render(request, "home/pupil_class.html", context)


def pupil_holidays(request: HttpRequest) -> HttpResponse:
    _own_enrollment(request, required=True)
    return render(request, "home/pupil_holidays.html", {"coming": next_break()})


def pupil_help(request: HttpRequest) -> HttpResponse:
    """« Préviens un adulte »: always in sight."""
    enrollment = _own_enrollment(request, required=True)
    return render(request, "home/pupil_help.html", {"teachers": _teachers(enrollment)})


def _nobody(request: HttpRequest) -> HttpResponse:
    """An account with no relation left: it says so, and how to get one."""
    return render(request, "home/nobody.html")


FACES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "guardian": _guardian,
    "teacher": _staff,
    "head": _staff,
    "moving": _staff,
    "municipal": _staff,
    "pupil": _pupil,
}


def _ask_todos(request: HttpRequest) -> Asked:
    """All sources, the most pressing first; what is only to be read comes last."""
    found = registry.todos_of(request.user, request.profile)
    return found.then(lambda todos: sorted(todos, key=lambda t: (t.kind == "read", t.when or date.max)))


def _lines(todos: Iterable[Todo]) -> list[dict[str, Any]]:
    """Rows of `home/_todo.html`: everything as it is read. The first thing to do has the filled button."""
    return [_line(todo, is_first=place == 0) for place, todo in enumerate(todos)]


def _line(todo: Todo, *, is_first: bool) -> dict[str, Any]:
    is_read = todo.kind == "read"
    return {
        "kind": "" if todo.kind == "do" else todo.kind,
        "when": (past_word if is_read else due_word)(todo.when) if todo.when else "",
        "date": short_day(todo.when) if todo.when else "",
        "title": todo.title,
        "detail": todo.detail,
        "url": todo.url,
        "action": todo.action,
        "is_urgent": todo.is_urgent,
        "is_first": is_first,
    }


def _summary(todos: list[Todo]) -> dict[str, int]:
    to_do = [t for t in todos if t.kind != "read"]
    return {
        "to_do": len(to_do),
        "pressing": sum(t.is_urgent for t in to_do),
        "to_read": len(todos) - len(to_do),
    }


def _links(request: HttpRequest, source: registry.Registry[registry.ResourceLink]) -> list[dict[str, Any]]:
    return [
        {**facts, "note": link.note(request) if link.note else ""}
        for link, facts in placed(source, request.profile)
        if not link.permission or request.user.has_perm(link.permission)
    ]


@frozen
def _enrollments_of_children(user: Any) -> QuerySet:
    """Rows of plain values."""
    charge = Guardianship.objects.informed().of(user)
    said = {"name": "pupil__person__first_name", "cover": "pupil__cover"}
    said |= {"class_label": "school_class__label", "school_name": "school_class__school__name"}
    rows = Enrollment.objects.on().filter(pupil__in=charge.values("pupil"))
    rows = rows.annotate(**{name: F(path) for name, path in said.items()})
    return rows.order_by("pupil__person__birth_date", "pupil_id").values_list("pupil_id", "grade", *said, named=True)


def _own_enrollment(request: HttpRequest, *, required: bool = False) -> Any:
    rows = Enrollment.objects.on().filter(pupil__person__account=request.user)
    enrollment = rows.select_related("pupil__person", "school_class__school").first()
    if required and (enrollment is None or request.profile != "pupil"):
        raise Http404
    return enrollment


def _teachers(enrollment: Enrollment) -> list[Any]:
    assignments = StaffAssignment.objects.on().filter(school_class=enrollment.school_class)
    return [a.person for a in assignments.filter(role__in=StaffAssignment.TEACHING).select_related("person")]
