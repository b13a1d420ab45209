"""Who may do what on the academy's pages. Which communes they see is said by `visible_to`."""

from typing import Any

from rules import predicate

from core.permissions import declare
from shared_apps.reference.scopes import Role, has_role, roles_of


@predicate
def is_staff(user: Any, _obj: Any = None) -> bool:
    return bool(roles_of(user))


@predicate
def follows_communes(user: Any, _obj: Any = None) -> bool:
    return has_role(user, Role.DEPLOYMENT, Role.CONVENTIONS, Role.ADMINISTRATOR)


@predicate
def signs_for_the_academy(user: Any, _obj: Any = None) -> bool:
    return has_role(user, Role.CONVENTIONS, Role.ADMINISTRATOR)


@predicate
def administers(user: Any, _obj: Any = None) -> bool:
    return has_role(user, Role.ADMINISTRATOR)


RIGHTS = declare(
    "onboarding",
    {
        "view_communes": is_staff,
        "manage_case": follows_communes,
        "manage_convention": follows_communes,
        "sign_convention": signs_for_the_academy,
        "manage_templates": signs_for_the_academy,
        "load_adhesions": administers,
        "prove_isolation": administers,
        "manage_staff": administers,
    },
)
