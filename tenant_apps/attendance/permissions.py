"""Who may do what about attendance. Who may *see* is told by the querysets."""

from typing import Any

from rules import predicate

from core.permissions import declare
from tenant_apps.attendance.querysets import callable_classes
from tenant_apps.people.models import Pupil, StaffAssignment
from tenant_apps.people.roles import Role
from tenant_apps.schools.models import School, SchoolClass

# The town's agents who must know how many children come: they read counts, and « absent » for those they hand over.
COUNTING = frozenset({Role.CANTEEN_AGENT, Role.ACTIVITY_LEADER, Role.SCHOOL_SERVICE})


@predicate
def calls_the_roll(user: Any, roll_call: Any) -> bool:
    """`roll_call`: a register, saved or not."""
    return callable_classes(user, roll_call.day).filter(pk=roll_call.school_class_id).exists()


@predicate
def calls_somewhere(user: Any, _obj: Any = None) -> bool:
    return SchoolClass.objects.families_open_to(user).exists()


@predicate
def heads_one(user: Any, _obj: Any = None) -> bool:
    return StaffAssignment.objects.of(user).on().heading().exists()


@predicate
def heads_the_class(user: Any, mark: Any) -> bool:
    return School.objects.headed_by(user).filter(classes=mark.roll_call.school_class_id).exists()


@predicate
def knows_the_family(user: Any, announcement: Any) -> bool:
    return Pupil.objects.families_open_to(user).filter(pk=announcement.pupil_id).exists()


@predicate
def informs_the_school(user: Any, announcement: Any) -> bool:
    return Pupil.objects.informing(user).filter(pk=announcement.pupil_id).exists()


@predicate
def has_children(user: Any, _obj: Any = None) -> bool:
    return Pupil.objects.informing(user).enrolled().exists()


@predicate
def counts_children(user: Any, _obj: Any = None) -> bool:
    return StaffAssignment.objects.of(user).on().filter(role__in=COUNTING | {Role.HEAD}).exists()


RIGHTS = declare(
    "attendance",
    {
        "call_roll": calls_the_roll,
        "view_registers": calls_somewhere,
        "follow_absences": heads_one,
        # « Appréciés par l’autorité de l’État »: the head keeps the register, and says it for the inspector.
        "judge_mark": heads_the_class,
        "declare_absence": has_children,
        "withdraw_announcement": informs_the_school,
        "handle_announcement": knows_the_family,
        "view_head_count": counts_children,
    },
)
