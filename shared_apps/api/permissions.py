from typing import Any

from rules import predicate

from core.permissions import declare
from shared_apps.accounts.facts import facts_of


@predicate
def is_an_adult(user: Any, _obj: Any = None) -> bool:
    return user.is_activated and not facts_of(user).is_pupil


RIGHTS = declare("api", {"make_token": is_an_adult})
