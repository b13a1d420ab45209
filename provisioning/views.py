"""The opening of a commune as the academy watches it. Its panel is shown on its own page and on the case's."""

import socket
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.errors import DomainError
from provisioning import services
from provisioning.board import board_of
from provisioning.models import Opening
from shared_apps.onboarding.models import Case
from shared_apps.reference.models import RefCommune
from tenants.models import Domain


def opening(request: HttpRequest, insee: str) -> HttpResponse:
    return render(request, "provisioning/opening.html", _context(request, insee))


def panel(request: HttpRequest, insee: str) -> HttpResponse:
    """The part that htmx asks for again and again; anybody else gets the whole page."""
    if not request.htmx:
        return redirect("provisioning:opening", insee)
    context = _context(request, insee)
    response = render(request, "provisioning/_panel.html", context)
    if "suivi" in request.GET and not context["is_watched"]:
        response["HX-Refresh"] = "true"  # it has just ended: the rest of the page has changed too
    return response


@require_POST
def open_commune(request: HttpRequest, insee: str) -> HttpResponse:
    commune = _visible(request, insee)
    _require_right(request)
    try:
        is_slow = settings.ENT_DEMO and request.POST.get("lent") == "1"
        services.request_opening(actor=request.user, insee=commune.insee, slowly=is_slow)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return _back(request, insee)


@require_POST
def resume(request: HttpRequest, insee: str) -> HttpResponse:
    _visible(request, insee)
    _require_right(request)
    stopped = get_object_or_404(Opening.objects.of_commune(insee).unfinished())
    services.resume_opening(actor=request.user, opening=stopped)
    return _back(request, insee)


@require_POST
def kill(request: HttpRequest, insee: str) -> HttpResponse:
    """Demo only: show that an opening whose process dies goes on."""
    if not settings.ENT_DEMO:
        raise Http404
    _visible(request, insee)
    _require_right(request)
    running = get_object_or_404(Opening.objects.of_commune(insee).under_way(), worker_host=socket.gethostname())
    services.kill_worker(opening=running)
    if request.htmx:
        return render(request, "provisioning/_panel.html", _context(request, insee))
    return redirect("provisioning:opening", insee)


def _visible(request: HttpRequest, insee: str) -> RefCommune:
    request.nav_current = "onboarding:communes"
    return get_object_or_404(RefCommune.objects.visible_to(request.user), insee=insee)


def _require_right(request: HttpRequest) -> None:
    if not request.user.has_perm("provisioning.open_commune"):
        raise PermissionDenied


def _back(request: HttpRequest, insee: str) -> HttpResponse:
    """With htmx to the case, whose panel follows by itself; else to the page that refreshes itself."""
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": reverse("onboarding:commune", args=[insee])})
    return redirect("provisioning:opening", insee)


def _context(request: HttpRequest, insee: str) -> dict[str, Any]:
    commune = _visible(request, insee)
    last = Opening.objects.of_commune(insee).prefetch_related("steps").first()
    case = Case.objects.for_commune(insee).first()
    return {
        "commune": commune,
        "opening": last,
        "board": board_of(last) if last else None,
        "is_watched": last is not None and last.is_under_way,
        "address": Domain.objects.filter(domain=last.domain).first() if last and not last.is_under_way else None,
        "may_open": request.user.has_perm("provisioning.open_commune"),
        "can_open": last is None and case is not None and case.state == Case.State.SIGNED_BY_BOTH,
    }
