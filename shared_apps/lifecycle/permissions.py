"""Who decides of the life of a convention. The communes they see are said by `visible_to`."""

from typing import Any

from rules import predicate

from core.permissions import declare
from shared_apps.reference.scopes import Role, has_role, roles_of


@predicate
def is_staff(user: Any, _obj: Any = None) -> bool:
    return bool(roles_of(user))


@predicate
def keeps_conventions(user: Any, _obj: Any = None) -> bool:
    return has_role(user, Role.CONVENTIONS, Role.ADMINISTRATOR)


@predicate
def administers(user: Any, _obj: Any = None) -> bool:
    return has_role(user, Role.ADMINISTRATOR)


@predicate
def is_dasen(user: Any, _obj: Any = None) -> bool:
    return has_role(user, Role.DASEN)


RIGHTS = declare(
    "lifecycle",
    {
        "view_life": is_staff,
        "manage_terms": keeps_conventions,
        "suspend": administers,
        "end": keeps_conventions,
        "erase": administers,
        "receive_school_data": is_dasen,
    },
)
