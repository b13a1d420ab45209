"""Who sees the switches, and who throws them: an administrator, their second factor just given (the view asks it).

Who closes a report that no head can judge: who sees it, and is above heads.
"""

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


@predicate
def closes(user: Any, report: Any = None) -> bool:
    """A report that no head can judge; the others are for the head alone."""
    return has_role(user, Role.ADMINISTRATOR, Role.DASEN) and (report is None or report.has_no_judge)


RIGHTS = declare("emergency", {"view": looks, "throw": throws, "close_report": closes})
