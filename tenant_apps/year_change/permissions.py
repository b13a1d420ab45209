"""The head prepares; the team reads what the head shares."""

from typing import Any

from rules import predicate

from core.permissions import declare
from tenant_apps.people.permissions import heads_school


@predicate
def heads_its_school(user: Any, draft: Any) -> bool:
    return heads_school(user, draft.school)


@predicate
def is_open(_user: Any, draft: Any) -> bool:
    return draft.is_open


RIGHTS = declare(
    "year_change",
    {
        "prepare": heads_school,
        "change_draft": heads_its_school & is_open,
        "publish_draft": heads_its_school & is_open,
    },
)
