"""Who sees the switches, and who throws them: an administrator, their second factor just given (the view asks it)."""

from typing import Any

from rules import predicate

from core.permissions import declare
from shared_apps.reference.scopes import Role, has_role


@predicate
def throws(user: Any, _obj: Any = None) -> bool:
    return has_role(user, Role.ADMINISTRATOR)


@predicate
def looks(user: Any, _obj: Any = None) -> bool:
    return has_role(user, Role.ADMINISTRATOR, Role.SUPPORT, Role.DASEN)


RIGHTS = declare("emergency", {"view": looks, "throw": throws})
