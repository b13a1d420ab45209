"""Which registers, marks and announcements: everything that shows them starts with `visible_to`.

The town's staff see none of these rows: they get counts and the word « absent » (`counts`).
"""

from datetime import date
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q

from core.frozen import frozen
from tenant_apps.attendance.half_days import HalfDay
from tenant_apps.attendance.reasons import NOT_COUNTED, Status
from tenant_apps.people.models import Enrollment, Pupil, StaffAssignment
from tenant_apps.schools.models import CalendarDay, SchoolClass


def callable_classes(user: Any, day: date) -> Any:
    """Whose call this person may make for that day: its teachers and substitutes, today and within their dates; the
    head of the school. Adds `is_off`: no school that day.
    """
    mine = StaffAssignment.objects.of(user).on()
    teaching = mine.on(day).teaching().filter(school_class=OuterRef("pk"))
    heading = mine.heading().filter(school=OuterRef("school"))
    off = CalendarDay.objects.filter(starts_on__lte=day, ends_on__gte=day)
    found = SchoolClass.objects.current().filter(Exists(teaching) | Exists(heading))
    return found.annotate(is_off=Exists(off)).select_related("school")


@frozen
def callable_class(user: Any, day: date, pk: UUID) -> Any:
    """That one, if it is among them."""
    return callable_classes(user, day).filter(pk=pk)


class RollCallQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The class's teachers and the head of the school. Families see their child's marks, not the register."""
        return self.filter(school_class__in=SchoolClass.objects.families_open_to(user))

    def on(self, half_day: HalfDay) -> Self:
        return self.filter(day=half_day.day, half=half_day.half)

    def validated(self) -> Self:
        return self.filter(state="validated")


class MarkQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The class's teachers, the head; for a guardian with the authority, its children's, once validated."""
        theirs = Q(roll_call__school_class__in=SchoolClass.objects.families_open_to(user))
        mine = Q(pupil__in=Pupil.objects.informing(user), roll_call__state="validated")
        return self.filter(theirs | mine)

    def absences(self) -> Self:
        return self.filter(kind="absent")

    def validated(self) -> Self:
        return self.filter(roll_call__state="validated")

    def between(self, first: date, last: date) -> Self:
        return self.filter(roll_call__day__gte=first, roll_call__day__lte=last)

    def counted(self) -> Self:
        """Half-days of absence: what was granted to a pupil of petite section is none (R131-1-1)."""
        return self.absences().validated().exclude(reason__in=NOT_COUNTED)

    def unexcused(self) -> Self:
        """« Sans motif légitime ni excuses valables » (R131-7), of pupils under compulsory instruction."""
        too_young = Enrollment.objects.filter(pupil=OuterRef("pupil"), grade="TPS")
        return self.counted().filter(status=Status.UNEXCUSED).exclude(Exists(too_young.on()))

    def of_classes(self, classes: Any) -> Self:
        return self.filter(roll_call__school_class__in=classes)


class AnnouncementQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The guardians with the authority; the teachers of the child's class and the head."""
        mine = Q(pupil__in=Pupil.objects.informing(user))
        theirs = Enrollment.objects.on().filter(school_class__in=SchoolClass.objects.families_open_to(user))
        return self.filter(mine | Q(Exists(theirs.filter(pupil=OuterRef("pupil")))))

    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)

    def covering(self, half_day: HalfDay) -> Self:
        day, half = half_day
        begun = Q(starts_on__lt=day) | Q(starts_on=day, starts_half__lte=half)
        lasting = Q(ends_on__gt=day) | Q(ends_on=day, ends_half__gte=half)
        return self.standing().filter(begun & lasting)

    def not_over(self, day: date) -> Self:
        return self.filter(ends_on__gte=day)

    def unhandled(self) -> Self:
        return self.standing().filter(handled_at=None)

    def of_pupils_in(self, classes: Any) -> Self:
        enrolled = Enrollment.objects.on().filter(school_class__in=classes, pupil=OuterRef("pupil"))
        return self.filter(Exists(enrolled))
