"""Who holds the door of a class: its teachers, its substitutes while they last, the head of its school."""

from typing import Any

from rules import predicate

from core.permissions import declare
from tenant_apps.people.models import Pupil, StaffAssignment
from tenant_apps.people.roles import TEACHING, Role
from tenant_apps.schools.models import SchoolClass


@predicate
def teaches_or_heads(user: Any, _obj: Any = None) -> bool:
    return StaffAssignment.objects.of(user).on().filter(role__in=TEACHING | {Role.HEAD}).exists()


@predicate
def keeps_class(user: Any, school_class: SchoolClass) -> bool:
    return SchoolClass.objects.families_open_to(user).filter(pk=school_class.pk).exists()


@predicate
def keeps_pupil(user: Any, pupil: Pupil) -> bool:
    return Pupil.objects.families_open_to(user).filter(pk=pupil.pk).exists()


RIGHTS = declare(
    "pupil_access",
    {
        "open_classes": teaches_or_heads,
        "manage_class": keeps_class,
        "manage_pupil": keeps_pupil,
    },
)
