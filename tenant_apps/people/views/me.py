"""The person themself: my profile, my children, my data."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core.errors import DomainError
from tenant_apps.people import exports, services
from tenant_apps.people.forms import ContactForm
from tenant_apps.people.models import (
    Enrollment,
    Guardianship,
    Person,
    PickupPerson,
    PupilGroup,
    PupilSupport,
    StaffAssignment,
)


def my_profile(request: Any) -> HttpResponse:
    """Who I am here, my functions, where to reach me. A pupil reads, and changes nothing."""
    person = _me(request)
    may_change = request.profile != "pupil"
    form = ContactForm(request.POST or None, instance=person) if may_change else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            fresh = Person.objects.get(pk=person.pk)  # the form has already changed its own
            services.change_person(actor=request.user, person=fresh, **form.cleaned_data)
            messages.success(request, _("C’est enregistré. L’école voit vos nouvelles coordonnées."))
            return redirect("people:my_profile")
    functions = StaffAssignment.objects.on().filter(person=person).select_related("school", "school_class", "service")
    context = {"person": person, "functions": functions, "form": form}
    return render(request, "people/my_profile.html", context, status=422 if form and form.errors else 200)


def my_children(request: Any) -> HttpResponse:
    return render(request, "people/my_children.html", {"rows": list(_of_my_children(request.user))})


def child(request: Any, pk: Any) -> HttpResponse:
    """What a guardian reads of the child's school: class, team, who comes for it. Nothing of the other guardian."""
    row = get_object_or_404(_of_my_children(request.user), pupil=pk)
    link = Guardianship.objects.current().get(pupil=pk, guardian__account=request.user)
    team = StaffAssignment.objects.visible_to(request.user).select_related("person")
    here = team.filter(school=row.school_class.school, school_class=None) | team.filter(school_class=row.school_class)
    context = {
        "row": row,
        "link": link,
        "team": list(here.filter(role__in=SHOWN_TO_FAMILIES).order_by("role", "person__sort_name")),
        "groups": list(PupilGroup.objects.on().filter(members__in=row.pupil.memberships.on())),
        "supports": list(PupilSupport.objects.on().visible_to(request.user).filter(pupil=pk).select_related("person")),
        "pickups": list(PickupPerson.objects.visible_to(request.user).filter(pupil=pk).on()),
        "may_add": request.user.has_perm("people.manage_pickups", row.pupil),
    }
    return render(request, "people/child.html", context)


def my_data(request: Any) -> HttpResponse:
    """Everything about me, to take away (RGPD, art. 15 and 20): asked for here, made by the worker, kept a few days."""
    person = _me(request)
    if request.method == "POST":
        try:
            exports.request_export(actor=request.user, person=person)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("C’est demandé. Vos données arrivent ici dans un instant."))
        return redirect("people:my_data")
    context = {"person": person, "state": exports.state_of(person), "children": exports.children_of(person)}
    return render(request, "people/my_data.html", context)


SHOWN_TO_FAMILIES = StaffAssignment.GIVEN_BY_THE_HEAD | {StaffAssignment.Role.HEAD}


def _me(request: Any) -> Person:
    person = Person.objects.filter(account=request.user).first()
    if person is None:
        raise Http404
    return person


def _of_my_children(user: Any) -> Any:
    charge = Guardianship.objects.current().of(user)
    rows = Enrollment.objects.on().filter(pupil__in=charge.values("pupil"))
    rows = rows.select_related("pupil__person", "school_class__school")
    return rows.order_by("pupil__person__birth_date", "pupil_id")
