"""Who works for the académie in a school of the commune registers, for themselves only."""

from typing import Any

from rules import predicate

from core.permissions import declare
from tenant_apps.people.models import StaffAssignment

Role = StaffAssignment.Role
TRAINED = StaffAssignment.TEACHING | {Role.HEAD, Role.RASED, Role.ERUN}


@predicate
def teaches(user: Any, _obj: Any = None) -> bool:
    return StaffAssignment.objects.of(user).on().filter(role__in=TRAINED).exists()


RIGHTS = declare("trainees", {"attend": teaches})
