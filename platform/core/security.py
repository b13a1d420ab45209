"""Headers that no library of ours sets, and the one we read of a proxy."""

from collections.abc import Callable
from typing import Any

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
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


class PolicyMiddleware(CSPMiddleware):
    """The library builds the policy anew for each answer; one that asks nothing of its own gets the same text."""

    _kept: tuple[Any, str] = None, ""  # the settings, the policy that they make

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        asks = [name for name in vars(response) if name.startswith("_csp")]
        is_plain = not (settings.DEBUG or asks or HEADER in response or hasattr(request, "_csp_nonce"))
        policy, text = self._kept
        if is_plain and policy is settings.CONTENT_SECURITY_POLICY:
            response.headers[HEADER] = text
            request.csp_nonce = _too_late  # type: ignore[attr-defined]
            return response
        response = super().process_response(request, response)
        if is_plain and HEADER in response:
            self._kept = settings.CONTENT_SECURITY_POLICY, response.headers[HEADER]
        return response


_too_late = CheckableLazyObject(CSPMiddleware._csp_nonce_post_response)


def allow(response: HttpResponse, directive: str, *origins: str) -> HttpResponse:
    """This answer alone may also reach these origins (Content-Security-Policy)."""
    if not origins:
        return response
    asked: dict[str, list[str]] = getattr(response, "_csp_update", None) or {}
    response._csp_update = asked | {directive: [*asked.get(directive, []), *origins]}  # type: ignore[attr-defined]
    return response


def client_address(request: HttpRequest) -> str:
    """Who asks. Behind a proxy, what the proxy itself wrote, last: what stands before it is the client's invention."""
    if settings.ENT_BEHIND_PROXY and (passed_on := request.META.get("HTTP_X_FORWARDED_FOR", "")):
        return passed_on.rsplit(",", 1)[-1].strip()
    return request.META.get("REMOTE_ADDR", "")
