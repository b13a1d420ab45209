"""Who may write dates: the teachers in their classes and groups, the head in the school, the school service for all."""

from typing import Any

from rules import predicate

from core.permissions import declare
from tenant_apps.agenda.querysets import classes_read_by, classes_written_by, groups_kept_by
from tenant_apps.people.models import Enrollment, Pupil, StaffAssignment
from tenant_apps.schools.models import School


@predicate
def keeps_the_calendar(user: Any, event: Any) -> bool:
    """`event`, saved or not: by what it is of."""
    if event.school_class_id:
        return classes_written_by(user).filter(pk=event.school_class_id).exists()
    if event.group_id:
        return groups_kept_by(user).filter(pk=event.group_id, school=event.school_id).exists()
    if event.school_id:
        return School.objects.headed_by(user).filter(pk=event.school_id).exists()
    return StaffAssignment.objects.of(user).on().for_the_whole_commune().exists()


@predicate
def keeps_one(user: Any, _obj: Any = None) -> bool:
    """Asked in this order: most are teachers."""
    serving = StaffAssignment.objects.of(user).on().for_the_whole_commune()
    of_children = classes_written_by(user).exists() or groups_kept_by(user).exists()
    return of_children or School.objects.headed_by(user).exists() or serving.exists()


@predicate
def teaches_or_heads(user: Any, school_class: Any) -> bool:
    return classes_written_by(user).filter(pk=school_class.pk).exists()


@predicate
def reads_class(user: Any, school_class: Any) -> bool:
    return classes_read_by(user).filter(pk=school_class.pk).exists()


@predicate
def has_a_place(user: Any, _obj: Any = None) -> bool:
    return School.objects.visible_to(user).exists()


@predicate
def informs_for(user: Any, booking: Any) -> bool:
    """The child's own guardian, for a slot of its class."""
    children = Pupil.objects.informing(user).filter(pk=booking.pupil_id)
    return Enrollment.objects.on().filter(pupil__in=children, school_class=booking.slot.school_class_id).exists()


@predicate
def has_children(user: Any, _obj: Any = None) -> bool:
    return Pupil.objects.informing(user).enrolled().exists()


@predicate
def has_classes(user: Any, _obj: Any = None) -> bool:
    return classes_written_by(user).exists()


@predicate
def takes_part(user: Any, booking: Any) -> bool:
    return user.pk in {booking.guardian_id, booking.slot.host_id}


RIGHTS = declare(
    "agenda",
    {
        "view": has_a_place,
        "write": keeps_one,
        "change_event": keeps_the_calendar,
        "view_timetable": reads_class,
        "write_timetable": teaches_or_heads,
        "receive": has_classes,
        "open_slots": teaches_or_heads,
        "book_somewhere": has_children,
        "book": informs_for,
        "cancel_booking": takes_part,
    },
)
