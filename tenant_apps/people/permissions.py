"""Rights on people. Who may *see* is told by the querysets; here, who may *change*."""

from typing import Any

from rules import predicate

from core.permissions import declare
from tenant_apps.people.models import Enrollment, StaffAssignment
from tenant_apps.schools.models import School, SchoolClass


def _heading(user: Any) -> Any:
    return StaffAssignment.objects.of(user).on().filter(role=StaffAssignment.Role.HEAD)


@predicate
def heads_school(user: Any, school: School) -> bool:
    return _heading(user).filter(school=school).exists()


@predicate
def heads_pupils_school(user: Any, pupil: Any) -> bool:
    schools = Enrollment.objects.on().filter(pupil=pupil).values("school_class__school")
    return _heading(user).filter(school__in=schools).exists()


@predicate
def teaches_or_heads_class(user: Any, school_class: SchoolClass) -> bool:
    mine = StaffAssignment.objects.of(user).on()
    teaches = mine.filter(role__in=StaffAssignment.TEACHING, school_class=school_class)
    return teaches.exists() or _heading(user).filter(school=school_class.school_id).exists()


RIGHTS = declare(
    "people",
    {
        "manage_school": heads_school,
        "manage_pupil": heads_pupils_school,
        "view_families": teaches_or_heads_class,
        "print_sheets": heads_school,
    },
)
