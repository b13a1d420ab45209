"""How one reads."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.forms import is_done
from tenant_apps.messages import services
from tenant_apps.messages.forms import PreferenceForm
from tenant_apps.messages.models import RecipientList
from tenant_apps.messages.views.common import face_of, of_messages


@of_messages
def preferences(request: HttpRequest) -> HttpResponse:
    form = PreferenceForm(request.POST or None, instance=services.preference_of(request.user))
    if is_done(form, lambda **facts: services.set_preference(actor=request.user, **facts)):
        messages.success(request, _("C’est enregistré."))
        return redirect("messaging:inbox")
    context = {"form": form, "lists": list(RecipientList.objects.filter(owner=request.user))}
    return render(request, "messaging/preferences.html", context | face_of(request), status=422 if form.errors else 200)


@require_POST
@of_messages
def drop_list(request: HttpRequest, pk: Any) -> HttpResponse:
    services.drop_list(actor=request.user, row=get_object_or_404(RecipientList, pk=pk, owner=request.user))
    messages.success(request, _("La liste est supprimée."))
    return redirect("messaging:preferences")
