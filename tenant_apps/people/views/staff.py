"""The team of a school: who works there, who joins, who leaves."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from tenant_apps.people import services
from tenant_apps.people.forms import StaffForm
from tenant_apps.people.models import StaffAssignment
from tenant_apps.people.services.enrollments import UNDONE_FOR
from tenant_apps.people.views.codes import may_give_codes
from tenant_apps.schools.models import School


def staff(request: Any, school_pk: Any) -> HttpResponse:
    school = headed_school(request, school_pk)
    form = StaffForm(request.POST or None, school=school)
    if request.method == "POST" and form.is_valid():
        try:
            assignment = _add(request, school, form)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            words = _("%(name)s fait partie de l’équipe. Sa fiche de connexion est prête à imprimer.")
            messages.success(request, words % {"name": assignment.person.full_name})
            return redirect("people:staff", school.pk)
    rows = StaffAssignment.objects.on().filter(school=school).select_related("person__account", "school_class")
    rows = list(rows.order_by("person__sort_name", "pk"))
    context = {
        "school": school,
        "rows": rows,
        "ended": list(_ended(school).select_related("person", "school_class").order_by("-ends_on", "pk")),
        "form": form,
        "may_give": may_give_codes(request.user, [row.person for row in rows]),
        "given_by_the_head": StaffAssignment.GIVEN_BY_THE_HEAD,
    }
    request.nav_current = "people:school"
    return render(request, "people/staff.html", context, status=422 if form.errors else 200)


def _add(request: HttpRequest, school: School, form: StaffForm) -> StaffAssignment:
    typed = form.cleaned_data
    where = {"school": school} | {name: typed[name] for name in ("role", "school_class", "weekdays", "ends_on")}
    if form.same_person is not None:
        return services.assign_staff(actor=request.user, person=form.same_person, **where)
    return services.add_staff(actor=request.user, **form.names, **where)


@require_POST
def end_assignment(request: HttpRequest, pk: Any) -> HttpResponse:
    visible = StaffAssignment.objects.visible_to(request.user).select_related("person", "school")
    assignment = get_object_or_404(visible, pk=pk)
    is_agent = assignment.role in StaffAssignment.MUNICIPAL
    if not _may_end(request.user, assignment):
        raise PermissionDenied
    try:
        services.end_assignment(actor=request.user, assignment=assignment)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        words = _("C’est terminé pour %(name)s : plus rien ne lui est ouvert par cette fonction.")
        messages.success(request, words % {"name": assignment.person.full_name})
    return redirect("people:agents") if is_agent else redirect("people:staff", assignment.school_id)


@require_POST
def undo_end(request: HttpRequest, school_pk: Any, pk: Any) -> HttpResponse:
    """Of the functions that ended these last weeks, as the page of the team lists them."""
    school = headed_school(request, school_pk)
    assignment = get_object_or_404(_ended(school).select_related("person"), pk=pk)
    try:
        services.undo_end(actor=request.user, assignment=assignment)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("C’est rétabli pour %(name)s.") % {"name": assignment.person.full_name})
    return redirect("people:staff", school.pk)


def _ended(school: School) -> Any:
    today = timezone.localdate()
    given = StaffAssignment.objects.filter(school=school, role__in=StaffAssignment.GIVEN_BY_THE_HEAD)
    return given.filter(ends_on__lte=today, ends_on__gt=today - UNDONE_FOR)


def _may_end(user: Any, assignment: StaffAssignment) -> bool:
    if assignment.role in StaffAssignment.MUNICIPAL:
        return user.has_perm("people.manage_agents")
    return user.has_perm("people.manage_staff", assignment.school)


def headed_school(request: HttpRequest, pk: Any) -> School:
    """Not visible: 404. Worked in without heading it: 403."""
    school = get_object_or_404(School.objects.visible_to(request.user), pk=pk)
    if not request.user.has_perm("people.manage_school", school):
        raise PermissionDenied
    return school
