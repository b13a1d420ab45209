"""Headers that no library of ours sets, and the one we read of a proxy."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class SecurityHeadersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if "Cache-Control" not in response.headers and not request.path.startswith("/static/"):
            # A shared computer's « back » must not show the previous family's page.
            response.headers["Cache-Control"] = "no-store"
        return response


def allow(response: HttpResponse, directive: str, *origins: str) -> HttpResponse:
    """This answer alone may also reach these origins (Content-Security-Policy)."""
    asked: dict[str, list[str]] = getattr(response, "_csp_update", None) or {}
    response._csp_update = asked | {directive: [*asked.get(directive, []), *origins]}  # type: ignore[attr-defined]
    return response


def client_address(request: HttpRequest) -> str:
    """Who asks. Behind a proxy, what the proxy itself wrote, last: what stands before it is the client's invention."""
    if settings.ENT_BEHIND_PROXY and (passed_on := request.META.get("HTTP_X_FORWARDED_FOR", "")):
        return passed_on.rsplit(",", 1)[-1].strip()
    return request.META.get("REMOTE_ADDR", "")
