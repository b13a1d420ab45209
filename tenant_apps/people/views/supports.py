"""The AESH of a child, named by the head on the child's page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from tenant_apps.people import services
from tenant_apps.people.forms import SupportForm
from tenant_apps.people.views.families import managed_pupil


@require_POST
def add_support(request: HttpRequest, pk: Any) -> HttpResponse:
    pupil = managed_pupil(request, pk)
    form = SupportForm(request.POST, pupil=pupil)
    if not form.is_valid():
        messages.error(request, _("Choisissez un ou une AESH de l’école."))
        return redirect("people:pupil", pupil.pk)
    person = form.cleaned_data["person"]
    try:
        services.add_support(actor=request.user, pupil=pupil, person=person)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        words = _("%(adult)s accompagne %(child)s dès aujourd’hui, et ne lit que les noms des enfants accompagnés.")
        messages.success(request, words % {"adult": person.formal_name, "child": pupil.person.first_name})
    return redirect("people:pupil", pupil.pk)


@require_POST
def end_support(request: HttpRequest, pk: Any, support: Any) -> HttpResponse:
    pupil = managed_pupil(request, pk)
    row = get_object_or_404(pupil.supports.on().select_related("person"), pk=support)
    services.end_support(actor=request.user, support=row)
    words = _("%(adult)s n’accompagne plus %(child)s.")
    messages.success(request, words % {"adult": row.person.formal_name, "child": pupil.person.first_name})
    return redirect("people:pupil", pupil.pk)
