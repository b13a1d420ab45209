"""Who changes the reference data: a wrong file would close schools."""

from typing import Any

from rules import predicate

from core.permissions import declare
from shared_apps.reference.scopes import Role, has_role


@predicate
def keeps_reference(user: Any, _obj: Any = None) -> bool:
    return has_role(user, Role.ADMINISTRATOR, Role.DEPLOYMENT)


RIGHTS = declare("reference", {"manage_reference": keeps_reference})
