"""Trainers and administrators run the sessions; the rest of the academy's staff reads, each within its perimeter."""

from typing import Any

from rules import predicate

from core.permissions import declare
from shared_apps.onboarding.permissions import is_staff
from shared_apps.reference.scopes import Role, has_role


@predicate
def trains(user: Any, _obj: Any = None) -> bool:
    return has_role(user, Role.TRAINER, Role.ADMINISTRATOR)


RIGHTS = declare(
    "training",
    {
        "view_sessions": is_staff,
        "manage_sessions": trains,
        # Names are read in the communes, for the one purpose of knowing who came.
        "take_attendance": trains,
        "own_calendar": trains,
    },
)
