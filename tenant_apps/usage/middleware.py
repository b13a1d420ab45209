"""Each page that a person opens in a commune is counted, once it was answered."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from core.tenancy import current_schema, is_public
from shared_apps.accounts.sessions import OPENED_KEY
from shared_apps.statistics.usage.words import PROFILES
from tenant_apps.usage import buffer
from tenant_apps.usage.devices import device_class

GetResponse = Callable[[Any], HttpResponse]
OK = 200


def usage_middleware(get_response: GetResponse) -> GetResponse:
    """No query: the profile and the school were read by `profile_middleware`."""

    def middleware(request: Any) -> HttpResponse:
        response = get_response(request)
        if _is_a_page(request, response):
            buffer.note(_visit(request))
        return response

    return middleware


def _is_a_page(request: Any, response: HttpResponse) -> bool:
    """Opened by the person themselves: not a part of a page, not a file, not the head who sees as a parent."""
    return (
        request.method == "GET"
        and response.status_code == OK
        and request.resolver_match is not None
        and getattr(request, "profile", "") in PROFILES
        and not is_public()
        and not hasattr(request, "real_user")
        and "HTTP_HX_REQUEST" not in request.META  # `headers` would read all of them
        and response.get("Content-Type", "").startswith("text/html")
    )


def _visit(request: Any) -> buffer.Visit:
    now = timezone.localtime()
    return buffer.Visit(
        schema=current_schema(),
        day=now.date(),
        uai=request.counted_in,
        profile=request.profile,
        service=request.resolver_match.app_name or "home",
        slot=now.hour * 2 + now.minute // 30,
        device=device_class(request.META.get("HTTP_USER_AGENT", "")),
        account=request.user.pk,
        opened=_opened(request.session.get(OPENED_KEY, ""), now),
    )


def _opened(text: str, now: datetime) -> str:
    """A session that was opened on another day is no connection of this one."""
    if not text:
        return ""
    return text if timezone.localtime(datetime.fromisoformat(text)).date() == now.date() else ""
