"""Who plans, tells and writes. What is announced is read by all the academy's staff."""

from typing import Any

from rules import predicate

from core.permissions import declare
from shared_apps.onboarding.permissions import is_staff
from shared_apps.reference.scopes import Role, has_role


@predicate
def plans(user: Any, _obj: Any = None) -> bool:
    return has_role(user, Role.ADMINISTRATOR, Role.DEPLOYMENT)


@predicate
def tells(user: Any, _obj: Any = None) -> bool:
    return has_role(user, Role.ADMINISTRATOR, Role.DEPLOYMENT, Role.SUPPORT)


RIGHTS = declare(
    "maintenance",
    {"view_maintenance": is_staff, "plan_window": plans, "tell_incident": tells, "write_change": plans},
)
