"""Doors after authentication: the session was made here, the second factor was given, the charter accepted."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.tenancy import current_schema, is_public
from shared_apps.accounts import backends, devices, factors
from shared_apps.accounts.sessions import ASKED_KEY, CHARTER_KEY, OPENED_KEY, SCHEMA_KEY, SECOND_FACTOR_KEY

GetResponse = Callable[[HttpRequest], HttpResponse]


class AccountMiddleware(AuthenticationMiddleware):
    """Django's: `request.user` is the session's account, which mostly came in the same message. Never put off: the next
    door asks who it is.
    """

    def process_request(self, request: HttpRequest) -> None:
        request.user = _account(request)


def _account(request: HttpRequest) -> Any:
    if request.session.session_key is None:  # who brings no key is nobody: there is nothing to read
        return AnonymousUser()
    with backends.reading(request.session):
        return get_user(request)


def session_belongs_here(get_response: GetResponse) -> GetResponse:
    """A session names its schema; one made elsewhere is ended, whatever its key."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if request.session.get(SCHEMA_KEY) != current_schema():
                logout(request)
            elif OPENED_KEY in request.session:
                devices.note_seen(request)
        response = get_response(request)
        devices.set_cookie(request, response)
        return response

    return middleware


class SecondFactorMiddleware:
    """Nothing but these pages is reached before what was asked at the sign-in is given: second factor, then charter."""

    OPEN = frozenset(
        f"accounts:{name}" for name in ("enrol", "verify", "recover", "add_passkey", "verify_passkey", "sign_out")
    )
    READING = OPEN | {"accounts:charter"}

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if not request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        page = request.resolver_match.view_name
        if is_factor_missing(request):
            return None if page in self.OPEN else redirect("accounts:verify")
        if request.session.get(CHARTER_KEY) and page not in self.READING:
            return redirect("accounts:charter")
        return None


def is_factor_missing(request: HttpRequest) -> bool:
    """On the academy's host a session that says nothing is asked too."""
    if request.session.get(SECOND_FACTOR_KEY):
        return False
    return request.session.get(ASKED_KEY, factors.ASK if is_public() else "") in (factors.ASK, factors.ENROL)
