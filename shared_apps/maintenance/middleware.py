"""While an intervention closes a commune, or lets it only be read, its pages say until when."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from shared_apps.maintenance.current import Planned, running_window
from shared_apps.maintenance.models import Window

GetResponse = Callable[[HttpRequest], HttpResponse]
READING = frozenset({"GET", "HEAD", "OPTIONS"})
FIRST_RETRY = timedelta(minutes=2)


def window_middleware(get_response: GetResponse) -> GetResponse:
    """After the host is known, before sessions: a closed commune costs no query. The academy stays at work."""

    def middleware(request: Any) -> HttpResponse:
        host = request.host_entry
        window = running_window(host.insee) if host is not None and not host.is_academy else None
        if window is not None and _stops(request, window):
            return _closed(request, window)
        return get_response(request)

    return middleware


def _stops(request: Any, window: Planned) -> bool:
    if window.access == Window.Access.CLOSED:
        return True
    return window.access == Window.Access.READ_ONLY and request.method not in READING and not _signs_in(request)


def _signs_in(request: Any) -> bool:
    """Reading needs to come in, and one may always go out."""
    try:
        return resolve(request.path_info, request.urlconf).view_name in COMING_AND_GOING
    except Resolver404:
        return False


COMING_AND_GOING = {
    "accounts:sign_in",
    "accounts:sign_out",
    "accounts:verify",
    "accounts:verify_passkey",
    "people:profiles",
}


def _closed(request: Any, window: Planned) -> HttpResponse:
    retry = max(window.ends_at - timezone.now(), FIRST_RETRY)
    headers = {"Retry-After": str(int(retry.total_seconds())), "Cache-Control": "no-store"}
    if request.path_info.startswith("/api/"):
        problem = {"type": "about:blank", "title": _("Intervention en cours"), "status": 503, "detail": window.title}
        return JsonResponse(problem, status=503, headers=headers, content_type="application/problem+json")
    context = {"window": window, "is_closed": window.access == Window.Access.CLOSED}
    return HttpResponse(render_to_string("maintenance/window_running.html", context), status=503, headers=headers)
