"""Who reads what was reported. Who may report is told by each app, of its words."""

from typing import Any

from rules import predicate

from core.permissions import declare
from tenant_apps.people.models import StaffAssignment
from tenant_apps.people.roles import Role


@predicate
def heads(user: Any, report: Any = None) -> bool:
    mine = StaffAssignment.objects.of(user).on().filter(role=Role.HEAD)
    return (mine.filter(school=report.school_id) if report is not None else mine).exists()


RIGHTS = declare("moderation", {"moderate": heads})
