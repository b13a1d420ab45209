from typing import Any

from rules import predicate

from core.permissions import declare
from tenant_apps.people.models import StaffAssignment


@predicate
def heads(user: Any, school: Any) -> bool:
    """Heads this school; with no school, heads one."""
    mine = StaffAssignment.objects.of(user).on().filter(role=StaffAssignment.Role.HEAD)
    return (mine.filter(school=school) if school is not None else mine).exists()


RIGHTS = declare("imports", {"import_people": heads})
