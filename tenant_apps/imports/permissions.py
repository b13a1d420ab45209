from typing import Any

from rules import predicate

from core.permissions import declare
from tenant_apps.people.models import StaffAssignment


@predicate
def heads(user: Any, school: Any) -> bool:
    """Heads this school; with no school, heads one."""
    mine = StaffAssignment.objects.of(user).on().filter(role=StaffAssignment.Role.HEAD)
    return (mine.filter(school=school) if school is not None else mine).exists()


@predicate
def serves_the_schools(user: Any, _obj: Any = None) -> bool:
    """Works in the town's school service, for the whole commune."""
    return StaffAssignment.objects.of(user).on().for_the_whole_commune().exists()


RIGHTS = declare(
    "imports",
    {
        "import_people": heads,
        "import_town_staff": serves_the_schools,
        "import_anything": heads | serves_the_schools,
    },
)
