"""What the page of a call shows: the class, child by child."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from core.frozen import Asked, beside, frozen, together
from shared_apps.files.models import StoredFile
from tenant_apps.attendance.attachments import PURPOSE
from tenant_apps.attendance.half_days import HalfDay, is_taught
from tenant_apps.attendance.models import Announcement, Mark, RollCall
from tenant_apps.people.models import Enrollment

NAMES = ("first_name", "usage_name", "birth_name")
Child = tuple[UUID, str, str, str]  # a pupil, and these names


@dataclass(frozen=True, slots=True)
class Line:
    pupil_id: UUID
    first_name: str
    last_name: str
    mark: Mark | None
    announced: Announcement | None
    is_foreseen: bool  # announced, and the call has not said otherwise yet

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def kind(self) -> str:
        if self.mark:
            return self.mark.kind
        return Mark.Kind.ABSENT if self.is_foreseen else ""

    @property
    def at(self) -> time | None:
        return self.mark.at if self.mark else None

    @property
    def reason(self) -> str:
        if self.mark:
            return self.mark.reason
        return self.announced.reason if self.announced and self.is_foreseen else ""


@dataclass(frozen=True)
class Sheet:
    school_class: Any
    half_day: HalfDay
    roll: RollCall | None
    lines: list[Line]

    @property
    def version(self) -> int:
        return self.roll.version if self.roll else 0

    @cached_property
    def counts(self) -> dict[str, int]:
        kinds = [line.kind for line in self.lines]
        absent, late, left = (kinds.count(kind) for kind in Mark.Kind.values)
        return {"present": len(kinds) - absent, "absent": absent, "late": late, "left": left}

    @property
    def is_open(self) -> bool:
        return not self.school_class.is_off and is_taught(self.school_class.school, *self.half_day)

    @property
    def is_writable(self) -> bool:
        return self.is_open and not self.is_to_come

    @property
    def is_to_come(self) -> bool:
        return self.half_day > HalfDay.now()


def sheet_of(school_class: Any, half_day: HalfDay) -> Sheet:
    (told,) = together(ask_lines(school_class.pk, half_day))
    return Sheet(school_class, half_day, *told)


def ask_lines(class_id: UUID, half_day: HalfDay) -> Asked:
    """(the register or None, the lines), in four queries however many children."""
    day, half = half_day.day, str(half_day.half)
    told = (_roll.asked(class_id, day, half), _marks.asked(class_id, day, half), _announced.asked(class_id, day, half))
    return beside(*told, _enrolled.asked(class_id, day)).then(_lines)


def _lines(told: list[list[Any]]) -> tuple[RollCall | None, list[Line]]:
    rolls, marks, announced, enrolled = told
    roll = rolls[0] if rolls else None
    mark_of = {mark.pupil_id: mark for mark in marks}
    word_of = {one.pupil_id: one for one in announced}
    return roll, [_line(row, roll, mark_of.get(row[0]), word_of.get(row[0])) for row in enrolled]


@frozen
def _enrolled(school_class: UUID, day: date) -> QuerySet[Enrollment, Child]:
    """No rows of three models a child: to make them is a third of the page."""
    rows = Enrollment.objects.on(day).filter(school_class=school_class)
    rows = rows.order_by("pupil__person__sort_name", "pupil_id")
    return rows.values_list("pupil_id", *(f"pupil__person__{name}" for name in NAMES))


@frozen
def _roll(school_class: UUID, day: date, half: str) -> QuerySet[RollCall]:
    return RollCall.objects.on(HalfDay(day, half)).filter(school_class=school_class).select_related("changed_by")


@frozen
def _marks(school_class: UUID, day: date, half: str) -> QuerySet[Mark]:
    rolls = RollCall.objects.on(HalfDay(day, half)).filter(school_class=school_class)
    return Mark.objects.filter(roll_call__in=rolls)


@frozen
def _announced(school_class: UUID, day: date, half: str) -> QuerySet[Announcement]:
    pupils = Enrollment.objects.on(day).filter(school_class=school_class).values("pupil")
    return Announcement.objects.covering(HalfDay(day, half)).filter(pupil__in=pupils).order_by("created_at")


def _line(row: Child, roll: RollCall | None, mark: Mark | None, announced: Announcement | None) -> Line:
    is_news = announced is not None and (
        roll is None or (not roll.is_validated and announced.created_at > roll.updated_at)
    )
    pupil_id, first_name, usage_name, birth_name = row
    last_name = usage_name or birth_name
    return Line(pupil_id, first_name, last_name, mark, announced, is_foreseen=is_news and mark is None)


def with_place_and_file(rows: Iterable[Announcement]) -> list[dict[str, Any]]:
    """Each announcement with the class of its pupil and the file of its declaration. Two queries."""
    rows = list(rows)
    places = Enrollment.objects.on().filter(pupil__in=[one.pupil_id for one in rows]).select_related("school_class")
    classes = {place.pupil_id: place.school_class for place in places}
    files = StoredFile.objects.filter(purpose=PURPOSE, object_id__in={one.lot for one in rows})
    file_of = {file.object_id: file for file in files}
    return [{"one": one, "class": classes.get(one.pupil_id), "file": file_of.get(one.lot)} for one in rows]


def board(classes: Any, half_day: HalfDay) -> list[Any]:
    """Classes from the youngest, each with its call: `state` (empty while to do), `validated_at`, `absent`, `pupils`.

    One query.
    """
    roll = RollCall.objects.on(half_day).filter(school_class=OuterRef("pk"))
    absent = roll.order_by().annotate(n=Count("marks", filter=Q(marks__kind="absent"))).values("n")
    known = classes.with_pupil_count().by_grade().select_related("school")
    found = known.annotate(
        state=Coalesce(Subquery(roll.values("state")), Value(""), output_field=CharField()),
        validated_at=Subquery(roll.values("validated_at")),
        absent=Coalesce(Subquery(absent), 0),
    ).order_by("school__name", "school", *known.query.order_by)
    return [one for one in found if one.pupils]
