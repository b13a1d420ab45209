"""Two doors after authentication: the session was made here, and the academy's staff gave their second factor."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.tenancy import current_schema, is_public
from shared_apps.accounts.sessions import SCHEMA_KEY, SECOND_FACTOR_KEY

GetResponse = Callable[[HttpRequest], HttpResponse]


def session_belongs_here(get_response: GetResponse) -> GetResponse:
    """A session names its schema; one made elsewhere is ended, whatever its key."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.session.get(SCHEMA_KEY) != current_schema():
            logout(request)
        return get_response(request)

    return middleware


class SecondFactorMiddleware:
    """On the academy's host nothing but these pages is reached before the second factor."""

    OPEN = frozenset({"accounts:enrol", "accounts:verify", "accounts:recover", "accounts:sign_out"})

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if not is_public() or not request.user.is_authenticated or request.session.get(SECOND_FACTOR_KEY):
            return None
        if request.resolver_match.view_name in self.OPEN or not getattr(view, "login_required", True):
            return None
        return redirect("accounts:verify")
