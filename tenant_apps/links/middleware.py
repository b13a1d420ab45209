"""A session that a link opened lives no longer than the link, and changes nothing of the account's protection."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.tenancy import is_public
from tenant_apps.links.models import AccountLink
from tenant_apps.links.services.passages import LINK_KEY

GetResponse = Callable[[HttpRequest], HttpResponse]


class LinkMiddleware:
    """One query for these sessions, none for the others."""

    # Whoever came by a password of elsewhere must not leave a second factor, a key or a password behind.
    GUARDED = ("accounts", "api_tokens")
    OPEN = frozenset(f"accounts:{name}" for name in ("account", "charter", "sign_out", "sign_out_everywhere"))

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_public() and request.user.is_authenticated and not _holds(request):
            logout(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: tuple, kwargs: dict) -> HttpResponse | None:
        match: Any = request.resolver_match
        if LINK_KEY not in request.session or match.view_name in self.OPEN:
            return None
        is_guarded = any(name in self.GUARDED for name in match.namespaces)
        return render(request, "links/guarded.html", status=403) if is_guarded else None


def _holds(request: HttpRequest) -> bool:
    link = request.session.get(LINK_KEY)
    return link is None or AccountLink.objects.joined().filter(pk=link, user=request.user).exists()
