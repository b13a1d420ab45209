"""Figures hold no personal data: all the academy's staff read them, within what each sees."""

from rules import predicate

from core.permissions import declare
from shared_apps.onboarding.permissions import is_staff
from shared_apps.reference.scopes import Role, has_role


@predicate
def sets_targets(user: object, _obj: object = None) -> bool:
    return has_role(user, Role.STATISTICIAN, Role.DEPLOYMENT, Role.ADMINISTRATOR)


RIGHTS = declare("statistics", {"view_statistics": is_staff, "set_targets": sets_targets})
