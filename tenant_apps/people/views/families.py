"""The child's page for its school, and what the head may change of a family."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from tenant_apps.people import services
from tenant_apps.people.forms import GuardianshipForm, SupportForm
from tenant_apps.people.models import Guardianship, PickupPerson, Pupil, PupilGroup
from tenant_apps.people.views.codes import may_give_codes


def pupil(request: Any, pk: Any) -> HttpResponse:
    """Guardians, authority, home. The town doesn't open it, nor the families: it holds the address of each adult."""
    one = get_pupil(request, pk)
    request.nav_current = "people:my_classes" if request.profile == "teacher" else "people:school"
    links = list(one.guardianships.select_related("guardian__account"))
    current = [link for link in links if link.is_current]
    history = list(one.enrollments.select_related("school_class__school", "school_class__year").order_by("-starts_on"))
    context = {
        "pupil": one,
        "enrollment": next(row for row in history if row.is_current),
        "history": history,
        "links": current,
        "ended": [link for link in links if not link.is_current],
        "groups": list(PupilGroup.objects.on().filter(members__in=one.memberships.on())),
        "homes": _homes(current),
        "supports": list(one.supports.on().select_related("person")),
        "support_form": SupportForm(pupil=one),
        "pickups": list(PickupPerson.objects.visible_to(request.user).filter(pupil=one).on()),
        "sees_pai": request.user.has_perm("people.view_pai", one),
        "may_manage": request.user.has_perm("people.manage_pupil", one),
        "may_give": may_give_codes(request.user, [one.person, *(link.guardian for link in current)]),
    }
    return render(request, "people/pupil.html", context)


def _homes(links: list[Guardianship]) -> int:
    """How many homes the child has: the adults side by side say it at a glance."""
    told = {(link.guardian.address.casefold(), link.guardian.postal_code) for link in links if link.is_home}
    return len({home for home in told if home[0]})


def guardianship(request: Any, pk: Any) -> HttpResponse:
    """What this adult is to this child: the head says it, ONDE doesn't."""
    link = _link(request, pk)
    form = GuardianshipForm(request.POST or None, instance=link)
    if request.method == "POST" and form.is_valid():
        services.change_guardianship(actor=request.user, guardianship=link, **form.cleaned_data)
        messages.success(request, _("C’est enregistré, avec effet immédiat."))
        return redirect("people:pupil", link.pupil_id)
    request.nav_current = "people:school"
    context = {"link": link, "form": form}
    return render(request, "people/guardianship.html", context, status=422 if form.errors else 200)


@require_POST
def end_guardianship(request: HttpRequest, pk: Any) -> HttpResponse:
    link = _link(request, pk)
    try:
        services.end_guardianship(actor=request.user, guardianship=link)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        words = _("%(adult)s n’est plus responsable de %(child)s.")
        messages.success(request, words % {"adult": link.guardian.full_name, "child": link.pupil.person.first_name})
    return redirect("people:pupil", link.pupil_id)


def get_pupil(request: HttpRequest, pk: Any) -> Pupil:
    return get_object_or_404(Pupil.objects.families_open_to(request.user).select_related("person__account"), pk=pk)


def managed_pupil(request: HttpRequest, pk: Any) -> Pupil:
    """Not in one's classes: 404. Taught without heading the school: 403."""
    one = get_pupil(request, pk)
    if not request.user.has_perm("people.manage_pupil", one):
        raise PermissionDenied
    return one


def _link(request: HttpRequest, pk: Any) -> Guardianship:
    """One's own link is visible to a guardian, who may not change it."""
    visible = Guardianship.objects.visible_to(request.user)
    link = get_object_or_404(visible.select_related("pupil__person", "guardian"), pk=pk)
    if not request.user.has_perm("people.manage_pupil", link.pupil):
        raise PermissionDenied
    return link
