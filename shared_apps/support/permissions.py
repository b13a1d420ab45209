"""Who answers, who looks into a commune, who reads the figures."""

from typing import Any

from rules import predicate

from core.permissions import declare
from shared_apps.reference.scopes import Role, has_role


@predicate
def assists(user: Any, _obj: Any = None) -> bool:
    return has_role(user, Role.SUPPORT)


@predicate
def follows_the_assistance(user: Any, _obj: Any = None) -> bool:
    """Headers and figures; each within the perimeter of the role."""
    return has_role(user, Role.SUPPORT, Role.ADMINISTRATOR, Role.STATISTICIAN, Role.INSPECTOR, Role.DASEN)


@predicate
def writes_answers(user: Any, _obj: Any = None) -> bool:
    return has_role(user, Role.SUPPORT, Role.ADMINISTRATOR)


RIGHTS = declare(
    "helpdesk",
    {
        "view_tickets": follows_the_assistance,
        "work_tickets": assists,
        "ask_access": assists,
        "view_accesses": writes_answers,
        "write_canned": writes_answers,
    },
)
