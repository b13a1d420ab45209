"""A week of homework, day by day: for a class, for each child of a family, for a pupil."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple, Self

from django.utils import timezone

from shared_apps.files.models import StoredFile
from tenant_apps.homework.attachments import files_by_object
from tenant_apps.homework.models import Homework, Progress
from tenant_apps.homework.querysets import learning, places_of
from tenant_apps.people.models import Enrollment
from tenant_apps.schools.days import class_days, days_off, open_days


class Week(NamedTuple):
    monday: date

    @classmethod
    def of(cls, day: date) -> Self:
        """At the weekend, the week that comes."""
        ahead = 7 if day.weekday() > 4 else 0
        return cls(day + timedelta(days=ahead - day.weekday()))

    @classmethod
    def read(cls, text: str) -> Self:
        """From an address; this week when it says nothing sensible."""
        try:
            day = date.fromisoformat(text)
            return cls(day - timedelta(days=day.weekday()))
        except (ValueError, OverflowError):
            return cls.of(timezone.localdate())

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def before(self) -> date:
        return self.monday - timedelta(days=7)

    @property
    def after(self) -> date:
        return self.monday + timedelta(days=7)

    def due_days(self, homework: Homework, open_: Collection[date]) -> list[date]:
        return due_days(homework, open_, self.monday, self.sunday)


def due_days(homework: Homework, open_: Collection[date], first: date, last: date) -> list[date]:
    """A day without class has no homework; what is due once stays, should the calendar change under it."""
    if not homework.comes_back:
        return [homework.due_on] if first <= homework.due_on <= last else []
    return [day for day in open_ if first <= day <= last and homework.falls_on(day)]


@dataclass(frozen=True, slots=True)
class Line:
    """A homework for a day; for a family, what the child made of it; for the staff, how many did it."""

    homework: Homework
    day: date
    files: dict[str, StoredFile] = field(default_factory=dict)
    progress: Progress | None = None
    done: int = 0
    handed: int = 0

    @property
    def is_done(self) -> bool:
        return self.progress is not None and (self.progress.done_at or self.progress.handed_at) is not None


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    lines: list[Line]

    @property
    def minutes(self) -> int:
        return sum(line.homework.minutes or 0 for line in self.lines)


def of_place(place: Any, week: Week, homework: Iterable[Homework]) -> list[Day]:
    """Of a class or a group: every day of class, the empty ones too. Three queries beside those of `homework`."""
    homework = list(homework)
    open_ = class_days(place.school, week.monday, week.sunday)
    counts = _counts(homework, week)
    files = files_by_object(one.pk for one in homework)
    lines = []
    for one in homework:
        for day in week.due_days(one, open_):
            done, handed = counts.get((one.pk, day), (0, 0))
            lines.append(Line(one, day, files.get(one.pk, {}), done=done, handed=handed))
    return _by_day(lines, open_)


def _counts(homework: Iterable[Homework], week: Week) -> dict[Any, tuple[int, int]]:
    """(homework, day) → how many did it, how many handed something in."""
    found: dict[Any, tuple[int, int]] = {}
    rows = Progress.objects.filter(homework__in=homework, day__range=(week.monday, week.sunday))
    for row in rows:
        done, handed = found.get((row.homework_id, row.day), (0, 0))
        is_done = bool(row.done_at or row.handed_at)
        found[row.homework_id, row.day] = (done + is_done, handed + bool(row.handed_at))
    return found


def of_family(user: Any, week: Week) -> list[tuple[Enrollment, list[Day]]]:
    """Each child in its class, with its week; a pupil is its own only child. Seven queries, however many children."""
    rows = learning(user).select_related("pupil__person", "school_class__school")
    children = list(rows.order_by("pupil__person__birth_date", "pupil_id"))
    places = places_of({row.pupil_id: row.school_class_id for row in children})
    homework = list(
        Homework.objects.visible_to(user)
        .standing()
        .given_at(set().union(*places.values()))
        .due_between(week.monday, week.sunday)
        .select_related("author", "group")
        .prefetch_related("pupils")
    )
    off = days_off(week.monday, week.sunday)
    done = Progress.objects.visible_to(user).filter(homework__in=homework, day__range=(week.monday, week.sunday))
    made = {(row.homework_id, row.pupil_id, row.day): row for row in done}
    files = files_by_object([*(one.pk for one in homework), *(row.pk for row in made.values())])
    return [(row, _of_child(row, week, _for(row, homework, places), off, made, files)) for row in children]


def _for(row: Enrollment, homework: Iterable[Homework], places: Any) -> list[Homework]:
    return [one for one in homework if one.is_for(row.pupil_id, places[row.pupil_id])]


def _of_child(row: Enrollment, week: Week, homework: Any, off: set[date], made: Any, files: Any) -> list[Day]:
    open_ = open_days(row.school_class.school, week.monday, week.sunday, off)
    lines = []
    for one in homework:
        for day in week.due_days(one, open_):
            progress = made.get((one.pk, row.pupil_id, day))
            own = files.get(progress.pk, {}) if progress else {}
            lines.append(Line(one, day, files.get(one.pk, {}) | own, progress))
    return _by_day(lines, ())


def _by_day(lines: Iterable[Line], days: Iterable[date]) -> list[Day]:
    found: dict[date, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.day].append(line)
    return [
        Day(day, sorted(found.get(day, []), key=lambda line: (line.homework.subject, line.homework.pk)))
        for day in sorted({*days, *found})
    ]


def day_of(homework: Homework, text: str) -> date | None:
    """The day an address names, when the homework is due then; without any, the next one."""
    if not text:
        return next_day(homework)
    try:
        day = date.fromisoformat(text)
        week = Week(day - timedelta(days=day.weekday()))
    except (ValueError, OverflowError):
        return None
    return day if day in week.due_days(homework, class_days(homework.school, day, day)) else None


def next_day(homework: Homework) -> date:
    """The next day due, from today; the last one when all are past."""
    today = timezone.localdate()
    if not homework.comes_back or homework.due_on >= today:
        return homework.due_on
    open_ = class_days(homework.school, homework.due_on, homework.until)
    due = [day for day in open_ if homework.falls_on(day)]
    return next((day for day in due if day >= today), due[-1] if due else homework.due_on)
