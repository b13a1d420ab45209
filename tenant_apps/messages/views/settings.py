"""How one reads; what the head reads of what was reported."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.forms import is_done
from tenant_apps.messages import services
from tenant_apps.messages.forms import PreferenceForm
from tenant_apps.messages.models import RecipientList, Report
from tenant_apps.messages.views.common import PER_PAGE, face_of, of_messages, require


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


@require_safe
def moderation(request: HttpRequest) -> HttpResponse:
    request.nav_current = "people:school"
    require(request, "messaging.moderate")
    rows = Report.objects.visible_to(request.user).select_related("message__author__person", "decided_by")
    page = Paginator(rows.order_by("-state", "-created_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "messaging/moderation.html", {"page": page})


@require_POST
def decide(request: HttpRequest, pk: Any) -> HttpResponse:
    row = get_object_or_404(Report.objects.visible_to(request.user).select_related("message"), pk=pk)
    services.decide(actor=request.user, report=row, withdraws=request.POST.get("act") == "withdraw")
    messages.success(request, _("C’est décidé."))
    return redirect("messaging:moderation")
