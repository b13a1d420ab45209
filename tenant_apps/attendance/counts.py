"""How many children are there: what the canteen and childcare read, at once. No name, no reason."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from core.registry import HeadCount
from tenant_apps.attendance.half_days import HalfDay
from tenant_apps.attendance.models import Announcement, Mark, RollCall
from tenant_apps.people.models import Enrollment
from tenant_apps.schools.models import SchoolClass


def head_counts(schools: Iterable[Any], day: date, half: str) -> list[HeadCount]:
    """By class, from the youngest. A class whose call is not done counts those announced."""
    half_day = HalfDay(day, half)
    classes = list(_classes(schools, half_day))
    absent = Counter(class_id for _pupil, class_id in absentees(classes, half_day))
    return [
        HeadCount(c.school_id, c.pk, c.label, c.pupils, absent[c.pk], is_called=c.is_called)
        for c in classes
        if c.pupils
    ]


def absentees(classes: Iterable[Any], half_day: HalfDay) -> list[tuple[Any, Any]]:
    """(pupil, class) of those who are not there. Two queries."""
    called = [c.pk for c in classes if c.is_called]
    waiting = [c.pk for c in classes if not c.is_called]
    marks = Mark.objects.absences().filter(roll_call__school_class__in=called)
    marks = marks.filter(roll_call__day=half_day.day, roll_call__half=half_day.half)
    announced = Announcement.objects.covering(half_day).filter(pupil=OuterRef("pupil"))
    foreseen = Enrollment.objects.on(half_day.day).filter(Exists(announced), school_class__in=waiting)
    found = list(marks.order_by("pk").values_list("pupil_id", "roll_call__school_class_id"))
    return found + list(foreseen.order_by("pk").values_list("pupil_id", "school_class_id"))


def names_of_absentees(user: Any, schools: Iterable[Any], half_day: HalfDay) -> dict[Any, list[str]]:
    """By class, of the pupils whose names this person reads anyway."""
    found = dict(absentees(list(_classes(schools, half_day)), half_day))
    readable = Enrollment.objects.visible_to(user).filter(pupil__in=list(found)).select_related("pupil__person")
    names: dict[Any, list[str]] = {}
    for row in readable.order_by("pupil__person__sort_name", "pk"):
        names.setdefault(found[row.pupil_id], []).append(row.pupil.person.full_name)
    return names


def totals(schools: Iterable[Any], half_day: HalfDay, names: dict[Any, list[str]]) -> list[dict[str, Any]]:
    """School by school: its classes, how many come, how many calls are still to do."""
    counts: dict[Any, list[HeadCount]] = {}
    for count in head_counts(schools, *half_day):
        counts.setdefault(count.school_id, []).append(count)
    return [
        {
            "school": school,
            "rows": [{"count": count, "names": names.get(count.class_id, [])} for count in counts[school.pk]],
            "present": sum(count.present for count in counts[school.pk]),
            "waiting": sum(not count.is_called for count in counts[school.pk]),
        }
        for school in schools
        if school.pk in counts
    ]


def _classes(schools: Iterable[Any], half_day: HalfDay) -> Any:
    done = RollCall.objects.on(half_day).validated().filter(school_class=OuterRef("pk"))
    found = SchoolClass.objects.current().filter(school__in=list(schools)).annotate(is_called=Exists(done))
    return found.with_pupil_count().by_grade()
