"""A guardian as the school knows them: children, where to reach them, access."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from tenant_apps.people import services
from tenant_apps.people.forms import ContactForm, GuardianForm, GuardianshipForm
from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil
from tenant_apps.people.views.codes import may_give_codes
from tenant_apps.people.views.families import managed_pupil


def guardian(request: Any, pk: Any) -> HttpResponse:
    """Only the children that the reader knows: those of another school are not named."""
    links = _links(request, pk)
    person = links[0].guardian
    places = Enrollment.objects.visible_to(request.user).filter(pupil__in=[link.pupil_id for link in links])
    place_of = {row.pupil_id: row for row in places.select_related("school_class__school")}
    for link in links:
        link.place = place_of.get(link.pupil_id)
    request.nav_current = "people:my_classes" if request.profile == "teacher" else "people:school"
    context = {
        "person": person,
        "links": links,
        "may_manage": request.user.has_perm("people.manage_person", person),
        "may_view_as": request.user.has_perm("people.view_as", person),
        "may_give": may_give_codes(request.user, [person]),
    }
    return render(request, "people/guardian.html", context)


def edit_guardian(request: Any, pk: Any) -> HttpResponse:
    person = _links(request, pk)[0].guardian
    if not request.user.has_perm("people.manage_person", person):
        raise PermissionDenied
    form = ContactForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        fresh = Person.objects.get(pk=person.pk)  # the form has already changed its own
        services.change_person(actor=request.user, person=fresh, **form.cleaned_data)
        messages.success(request, _("C’est enregistré."))
        return redirect("people:guardian", person.pk)
    request.nav_current = "people:school"
    context = {"person": person, "form": form}
    return render(request, "people/guardian_form.html", context, status=422 if form.errors else 200)


def add_guardian(request: Any, pk: Any) -> HttpResponse:
    """An adult of this name who is already in the commune is shown first: one person, one account."""
    pupil = managed_pupil(request, pk)
    form = GuardianForm(request.POST or None)
    link_form = GuardianshipForm(request.POST or None, initial={"contact_order": 1 + pupil.guardianships.count()})
    if request.method == "POST" and form.is_valid() & link_form.is_valid():
        try:
            link = _add(request.user, pupil, form, link_form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            words = _("%(adult)s est responsable de %(child)s.")
            names = {"adult": link.guardian.full_name, "child": pupil.person.first_name}
            messages.success(request, words % names)
            return redirect("people:pupil", pupil.pk)
    request.nav_current = "people:school"
    status = 422 if form.errors or link_form.errors else 200
    context = {"pupil": pupil, "form": form, "link_form": link_form}
    return render(request, "people/add_guardian.html", context, status=status)


def _add(actor: Any, pupil: Pupil, form: GuardianForm, facts: dict[str, Any]) -> Guardianship:
    if form.same_person is not None:
        return services.link_guardian(actor=actor, pupil=pupil, guardian=form.same_person, **facts)
    return services.add_guardian(actor=actor, pupil=pupil, names=form.names, **facts)


@require_POST
def undo_end_of_guardianship(request: HttpRequest, pk: Any) -> HttpResponse:
    """The link that was ended by mistake, from the child's page."""
    opened = Pupil.objects.families_open_to(request.user)
    ended = Guardianship.objects.filter(pupil__in=opened).exclude(ended_on=None)
    link = get_object_or_404(ended.select_related("pupil", "guardian"), pk=pk)
    if not request.user.has_perm("people.manage_pupil", link.pupil):
        raise PermissionDenied
    services.undo_end_of_guardianship(actor=request.user, guardianship=link)
    messages.success(request, _("C’est rétabli : %(adult)s.") % {"adult": link.guardian.full_name})
    return redirect("people:pupil", link.pupil_id)


def _links(request: HttpRequest, pk: Any) -> list[Guardianship]:
    """Those of one person, of the children whose families open to the reader. None: 404."""
    opened = Pupil.objects.families_open_to(request.user)
    links = Guardianship.objects.visible_to(request.user).filter(pupil__in=opened, guardian=pk)
    rows = list(links.select_related("pupil__person", "guardian__account").order_by("pupil__person__sort_name", "pk"))
    if not rows:
        get_object_or_404(Guardianship.objects.none())
    return rows
