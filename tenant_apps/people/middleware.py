"""`request.profile`: the face under which a person works now; kept in the session, checked at each request."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from core.tenancy import is_public
from tenant_apps.people.models import Person
from tenant_apps.people.profiles import ACADEMY, COMPANION, WORDS, WORKING, standing_of

SESSION_KEY = "profile"
GetResponse = Callable[[HttpRequest], HttpResponse]


def profile_middleware(get_response: GetResponse) -> GetResponse:
    """Asked with the session for who is signed in, not at all for the others. A right lost is lost at this request.

    Sets `request.profiles`, `request.profile`, `request.person` (asked for only when used, may be None) and, for who
    works or learns in one school, `request.place`.
    """

    def middleware(request: Any) -> HttpResponse:
        request.profiles, request.profile, request.person = (), "", None
        if request.user.is_authenticated:
            _recognise(request)
        return get_response(request)

    return middleware


def _recognise(request: Any) -> None:
    if is_public():
        request.profiles, request.profile = (ACADEMY,), ACADEMY
        return
    # Who is seen by another's eyes is not whom the session names, or is less than they are.
    is_narrowed = getattr(request.user, "is_narrowed", False)
    came = None if is_narrowed else request.session.came_along(COMPANION, request.user.pk)
    standing = standing_of(request.user, came)
    request.profiles = standing.profiles
    request.user.standing = standing  # for the rights that pages of everybody ask
    request.profile = _active(request)
    request.counted_in = standing.uais.get(request.profile, "")  # the school of this visit, for `usage`
    request.person = SimpleLazyObject(lambda: Person.objects.filter(account=request.user).first())
    request.may_search = request.profile in WORKING
    _set_place(request, standing.place(request.profile))


def _set_place(request: Any, school: str) -> None:
    """The school and the commune; a door to the other profiles for who has several."""
    commune = request.host_entry.name
    place = {"name": school, "detail": commune} if school else {"name": commune, "detail": ""}
    if len(request.profiles) > 1:
        place["url"] = reverse("people:profiles")
        request.switch = {"label": str(WORDS[request.profile]), "url": place["url"]}
    request.place = place


def _active(request: Any) -> str:
    chosen = request.session.get(SESSION_KEY, "")
    if chosen in request.profiles:
        return chosen
    return request.profiles[0] if request.profiles else ""
