"""`request.profile`: the face under which a person works now; kept in the session, checked at each request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from core.tenancy import is_public
from tenant_apps.people.profiles import ACADEMY, profiles_of

SESSION_KEY = "profile"
GetResponse = Callable[[HttpRequest], HttpResponse]


def profile_middleware(get_response: GetResponse) -> GetResponse:
    """One query for who is signed in, none for the others. A right lost is lost at this request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.profiles, request.profile = (), ""
        if request.user.is_authenticated:
            request.profiles = (ACADEMY,) if is_public() else profiles_of(request.user)
            request.profile = _active(request)
        return get_response(request)

    return middleware


def _active(request: HttpRequest) -> str:
    chosen = request.session.get(SESSION_KEY, "")
    if chosen in request.profiles:
        return chosen
    return request.profiles[0] if request.profiles else ""
