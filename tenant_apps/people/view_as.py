"""« Voir comme ce parent »: a head sees what the school shows to a guardian of hers, and can change nothing.

The session of the head holds whom, since when. Each request checks it anew: a right lost ends it. What may be asked
is listed here, page by page: a page that is not in the list is closed, whoever writes it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shared_apps.audit.services import record
from tenant_apps.people.models import Person
from tenant_apps.schools.models import School

SESSION_KEY = "view_as"
LASTS = timedelta(minutes=15)
# No message, no note (reading one would sign for the parent), no account, no data of theirs.
PAGES = frozenset({"home", "people:my_children", "people:child"})
LEAVE = "people:leave_view_as"
SAFE = frozenset({"GET", "HEAD"})


def begin(request: Any, person: Person) -> None:
    if is_on(request) or not request.user.has_perm("people.view_as", person):
        raise PermissionDenied
    request.session[SESSION_KEY] = {"person": str(person.pk), "since": timezone.now().isoformat()}
    record(actor=request.user, action="people.view_as_begun", obj=person)


def is_on(request: Any) -> bool:
    return SESSION_KEY in request.session


def end(request: Any, *, why: str) -> str:
    """Whose page one was seeing."""
    held = request.session.pop(SESSION_KEY)
    actor = getattr(request, "real_user", request.user)
    person = Person.objects.filter(pk=held["person"]).first()
    record(actor=actor, action="people.view_as_ended", obj=person, why=why)
    return held["person"]


def view_as_middleware(get_response: Callable[[Any], HttpResponse]) -> Callable[[Any], HttpResponse]:
    """After sign-in and second factor, before the profile: the rest of the request knows the guardian alone."""

    def middleware(request: Any) -> HttpResponse:
        if not request.user.is_authenticated or not is_on(request):
            return get_response(request)
        person = _seen(request)
        if person is None:
            end(request, why="expired")
            return redirect("home")
        return _answer(request, person, get_response)

    return middleware


def _seen(request: Any) -> Person | None:
    held = request.session[SESSION_KEY]
    if timezone.now() - datetime.fromisoformat(held["since"]) > LASTS:
        return None
    person = Person.objects.select_related("account").filter(pk=held["person"]).first()
    return person if person is not None and request.user.has_perm("people.view_as", person) else None


def _answer(request: Any, person: Person, get_response: Callable[[Any], HttpResponse]) -> HttpResponse:
    try:
        asked = resolve(request.path_info, getattr(request, "urlconf", None)).view_name
    except Resolver404:
        asked = ""
    if asked == LEAVE:
        return get_response(request)
    _become(request, person)
    if request.method not in SAFE or asked not in PAGES:
        return _closed(request)
    # The second wall: a page that writes fails, whatever the list says.
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        return get_response(request)


def _become(request: Any, person: Person) -> None:
    head = request.user
    request.real_user, request.user = head, person.account
    request.user.is_narrowed = True  # no query of hers is an ordinary one (`core.frozen`)
    request.user.seen_by_schools = list(School.objects.headed_by(head).values_list("pk", flat=True))
    until = datetime.fromisoformat(request.session[SESSION_KEY]["since"]) + LASTS
    request.seen_as = {"name": person.full_name, "until": until, "leave_url": reverse(LEAVE)}


def _closed(request: Any) -> HttpResponse:
    request.profiles, request.profile = ("guardian",), "guardian"
    return render(request, "people/view_as_closed.html", status=403)


def leave(request: Any) -> HttpResponse:
    """Back to the guardian's page, from where one came."""
    if not is_on(request):
        return redirect("home")
    pk = end(request, why="left")
    messages.info(request, _("Vous êtes de nouveau vous-même."))
    return redirect("people:guardian", pk)
