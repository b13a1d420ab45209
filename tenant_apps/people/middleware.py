"""`request.profile`: the face under which a person works now; kept in the session, checked at each request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from core.tenancy import is_public
from tenant_apps.people.models import StaffAssignment
from tenant_apps.people.profiles import ACADEMY, profiles_of

SESSION_KEY = "profile"
SCHOOL_STAFF = frozenset({"head", "teacher"})
GetResponse = Callable[[HttpRequest], HttpResponse]


def profile_middleware(get_response: GetResponse) -> GetResponse:
    """One query for who is signed in, none for the others. A right lost is lost at this request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.profiles, request.profile = (), ""
        if request.user.is_authenticated:
            request.profiles = (ACADEMY,) if is_public() else profiles_of(request.user)
            request.profile = _active(request)
            if request.profile in SCHOOL_STAFF:
                request.place = SimpleLazyObject(lambda: _place(request))
        return get_response(request)

    return middleware


def _place(request: HttpRequest) -> dict[str, str]:
    """The school, for who works in one; with several, the commune."""
    mine = StaffAssignment.objects.of(request.user).on().exclude(school=None).order_by()
    names = list(mine.values_list("school__name", flat=True).distinct()[:2])
    commune = request.host_entry.name
    return {"name": names[0], "detail": commune} if len(names) == 1 else {"name": commune, "detail": ""}


def _active(request: HttpRequest) -> str:
    chosen = request.session.get(SESSION_KEY, "")
    if chosen in request.profiles:
        return chosen
    return request.profiles[0] if request.profiles else ""
