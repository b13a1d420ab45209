"""Which open class this device was shown: kept in its session, and through a child's coming in and going out."""

from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest

from core.errors import DomainError
from core.security import client_address
from shared_apps.accounts.sessions import enter
from shared_apps.accounts.throttle import Throttle
from tenant_apps.pupil_access.models import ClassDoor

DOOR_KEY, WAY_KEY = "pupil_door", "pupil_way"
GUESSES_PER_ADDRESS = 40  # codes that open nothing, typed or scanned from one address


def remember(request: HttpRequest, door: ClassDoor) -> None:
    request.session[DOOR_KEY] = [str(door.pk), door.opening]


def shown(request: HttpRequest) -> ClassDoor | None:
    """The door this device was shown, of this opening and no other; the caller looks whether it is still open."""
    kept = request.session.get(DOOR_KEY)
    if not kept:
        return None
    doors = ClassDoor.objects.filter(pk=kept[0], opening=kept[1])
    return doors.select_related("school_class__school").first()


def let_in(request: HttpRequest, user: Any, way: str) -> None:
    """A new session, that still knows the class: on a shared tablet another child comes next."""
    kept = request.session.get(DOOR_KEY)
    enter(request, user)
    request.session[WAY_KEY] = way
    if kept:
        request.session[DOOR_KEY] = kept


def let_out(request: HttpRequest) -> None:
    kept = request.session.get(DOOR_KEY)
    logout(request)
    if kept:
        request.session[DOOR_KEY] = kept


class Guesses:
    """Codes that open nothing are counted by address; what opens is nobody's guess."""

    def __init__(self, request: HttpRequest) -> None:
        self.throttle = Throttle("pupil-code", client_address(request), limit=GUESSES_PER_ADDRESS)

    def refusal(self) -> str:
        """Counts one; a sentence when there were too many."""
        try:
            self.throttle.begin()
        except DomainError as refusal:
            return refusal.message
        return ""

    def was_right(self) -> None:
        self.throttle.take_back()
