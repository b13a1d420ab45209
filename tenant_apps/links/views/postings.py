"""Staff of the académie, seen by the head who receives them, and what they see themselves."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from core.tenancy import PUBLIC
from tenant_apps.links.models import PostedAssignment
from tenant_apps.links.services import postings as services
from tenant_apps.people.models import StaffAssignment
from tenant_apps.people.roles import MOVING, Role
from tenant_apps.schools.models import School, SchoolClass
from tenants.neighbours import neighbour


def posted(request: HttpRequest) -> HttpResponse:
    """Who comes, for what, until when; the class of a substitute; « n’intervient plus ici »."""
    schools = School.objects.headed_by(request.user)
    if not schools.exists():
        raise PermissionDenied
    request.nav_current = "people:school"
    rows = PostedAssignment.objects.visible_to(request.user).filter(assignment__school__in=schools)
    rows = rows.select_related("assignment__person", "assignment__school", "assignment__school_class")
    classes: dict[Any, list[SchoolClass]] = {}
    for one in SchoolClass.objects.current().filter(school__in=schools).order_by("label", "pk"):
        classes.setdefault(one.school_id, []).append(one)
    lines = [
        _line(row, classes) for row in rows.order_by("assignment__person__sort_name", "assignment__starts_on", "pk")
    ]
    return render(request, "links/posted.html", {"lines": lines})


def _line(row: PostedAssignment, classes: dict[Any, list[SchoolClass]]) -> dict[str, Any]:
    assignment = row.assignment
    offered = classes.get(assignment.school_id, []) if assignment.role == Role.SUBSTITUTE else []
    return {"row": row, "assignment": assignment, "classes": offered}


@require_POST
def release(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _visible(request, pk)
    try:
        services.release(actor=request.user, posted=row)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        words = _("%(name)s n’intervient plus ici : plus rien ne lui est ouvert. L’académie est prévenue.")
        messages.success(request, words % {"name": row.assignment.person.full_name})
    return redirect("links:posted")


@require_POST
def place(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _visible(request, pk)
    field = forms.ModelChoiceField(SchoolClass.objects.current().filter(school=row.assignment.school))
    try:
        services.place(actor=request.user, posted=row, school_class=field.clean(request.POST.get("class")))
    except (DomainError, forms.ValidationError):
        messages.error(request, _("Choisissez une classe de l’école."))
    else:
        words = _("La classe est ouverte à %(name)s pour la durée du remplacement.")
        messages.success(request, words % {"name": row.assignment.person.full_name})
    return redirect("links:posted")


def _visible(request: HttpRequest, pk: Any) -> PostedAssignment:
    rows = PostedAssignment.objects.visible_to(request.user).select_related("assignment__person", "assignment__school")
    row = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("links.keep_posted", row):
        raise PermissionDenied
    return row


# --- who moves


def schools(request: HttpRequest) -> HttpResponse:
    """My schools of today: the team and, by function, the classes and the names of their pupils."""
    mine = StaffAssignment.objects.of(request.user).on().filter(role__in=MOVING).exclude(school=None)
    rows = list(mine.select_related("school").order_by("school__name", "pk"))
    if not rows:
        raise PermissionDenied
    blocks: dict[Any, dict[str, Any]] = {}
    for row in rows:
        block = blocks.setdefault(row.school_id, {"school": row.school, "roles": [], "team": [], "classes": []})
        block["roles"].append(row.get_role_display())
    _add_teams(request.user, blocks)
    _add_classes(request.user, blocks)
    academy = neighbour(PUBLIC) if services.is_posted(request.user) else None
    context = {"blocks": list(blocks.values()), "portal": academy and f"{academy.url}/mes-communes/"}
    return render(request, "links/schools.html", context)


def _add_teams(user: Any, blocks: dict[Any, dict[str, Any]]) -> None:
    team = StaffAssignment.objects.visible_to(user).filter(school__in=blocks)
    for row in team.select_related("person", "school_class").order_by("person__sort_name", "pk"):
        blocks[row.school_id]["team"].append(row)


def _add_classes(user: Any, blocks: dict[Any, dict[str, Any]]) -> None:
    """An inspector reads the classes; the names of the pupils open to who works with them."""
    open_now = set(SchoolClass.objects.open_to(user).values_list("pk", flat=True))
    classes = SchoolClass.objects.visible_to(user).filter(school__in=blocks).with_pupil_count().by_grade()
    for one in classes:
        blocks[one.school_id]["classes"].append({"class": one, "opens": one.pk in open_now})
