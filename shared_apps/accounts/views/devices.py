"""My devices: from where I signed in, and how to close one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shared_apps.accounts import devices as services
from shared_apps.accounts.facts import facts_of
from shared_apps.accounts.models import Device


def devices(request: HttpRequest) -> HttpResponse:
    request.nav_current = "home"
    rows = list(Device.objects.filter(user=request.user))
    for row in rows:
        row.is_this_one = services.is_this_one(request, row)  # type: ignore[attr-defined]
    rows.sort(key=lambda row: not row.is_this_one)  # type: ignore[attr-defined]
    return render(request, "accounts/devices.html", {"devices": rows, "is_pupil": facts_of(request.user).is_pupil})


@require_POST
def sign_out_device(request: HttpRequest, pk: Any) -> HttpResponse:
    device = get_object_or_404(Device.objects.filter(user=request.user), pk=pk)
    is_mine = services.is_this_one(request, device)
    services.sign_out(actor=request.user, device=device)
    if is_mine:
        logout(request)
        return redirect("accounts:sign_in")
    messages.success(request, _("C’est fermé. Cet appareil redemandera le mot de passe."))
    return redirect("accounts:devices")
