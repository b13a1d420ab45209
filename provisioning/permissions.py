"""Who opens communes."""

from typing import Any

from rules import predicate

from core.permissions import declare
from shared_apps.reference.scopes import Role, has_role


@predicate
def opens_communes(user: Any) -> bool:
    return has_role(user, Role.DEPLOYMENT, Role.ADMINISTRATOR, Role.CONVENTIONS)


@predicate
def administers(user: Any) -> bool:
    return has_role(user, Role.ADMINISTRATOR)


RIGHTS = declare("provisioning", {"open_commune": opens_communes, "suspend_commune": administers})
