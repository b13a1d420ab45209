"""Who else may come for the child: told by its guardians and its head, read at the gate."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from tenant_apps.people import services
from tenant_apps.people.forms import PickupForm
from tenant_apps.people.models import PickupPerson, Pupil
from tenant_apps.schools.models import SchoolClass


def add_pickup(request: Any, pk: Any) -> HttpResponse:
    pupil = get_object_or_404(Pupil.objects.visible_to(request.user).select_related("person"), pk=pk)
    if not request.user.has_perm("people.manage_pickups", pupil):
        raise PermissionDenied
    form = PickupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            pickup = services.add_pickup(actor=request.user, pupil=pupil, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("ends_on", refusal.message)
        else:
            words = _("%(adult)s peut venir chercher %(child)s. L’école le voit dès maintenant.")
            messages.success(request, words % {"adult": pickup.name, "child": pupil.person.first_name})
            return redirect(_back(request, pupil.pk))
    context = {"pupil": pupil, "form": form, "back": _back(request, pupil.pk)}
    return render(request, "people/pickup.html", context, status=422 if form.errors else 200)


@require_POST
def end_pickup(request: HttpRequest, pk: Any) -> HttpResponse:
    visible = PickupPerson.objects.visible_to(request.user).on().select_related("pupil__person")
    pickup = get_object_or_404(visible, pk=pk)
    if not request.user.has_perm("people.manage_pickups", pickup.pupil):
        raise PermissionDenied
    services.end_pickup(actor=request.user, pickup=pickup)
    words = _("%(adult)s ne vient plus chercher %(child)s.")
    messages.success(request, words % {"adult": pickup.name, "child": pickup.pupil.person.first_name})
    return redirect(_back(request, pickup.pupil_id))


def gate(request: Any, pk: Any) -> HttpResponse:
    """At the end of the day: for each child of the class, who may come. Seen by who hands the children over."""
    school_class = get_object_or_404(SchoolClass.objects.open_to(request.user).select_related("school"), pk=pk)
    pupils = Pupil.objects.collected_from(request.user).with_collectors()
    rows = list(pupils.filter(enrollments__in=school_class.enrollments.on()).order_by("person__sort_name", "pk"))
    if not rows and school_class.enrollments.on().exists():
        raise PermissionDenied
    request.nav_current = "people:my_classes" if request.profile == "teacher" else "people:school"
    return render(request, "people/gate.html", {"school_class": school_class, "rows": rows})


def _back(request: Any, pupil: Any) -> str:
    mine = Pupil.objects.informing(request.user).filter(pk=pupil).exists()
    return reverse("people:child" if mine and request.profile == "guardian" else "people:pupil", args=[pupil])
