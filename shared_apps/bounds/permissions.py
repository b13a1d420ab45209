from typing import Any

from rules import predicate

from core.permissions import declare
from shared_apps.reference.scopes import Role, has_role


@predicate
def is_staff(user: Any, _obj: Any = None) -> bool:
    return has_role(user, *Role)


@predicate
def administers(user: Any, _obj: Any = None) -> bool:
    return has_role(user, Role.ADMINISTRATOR)


RIGHTS = declare("bounds", {"view_bounds": is_staff, "set_bounds": administers})
