"""What a commune counted is kept in public; months are summed from it. Said again, a day or a month is replaced."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from shared_apps.reference.models import RefCommune, RefSchool
from shared_apps.statistics.usage.models import UsageDay, UsageMonth
from shared_apps.statistics.usage.tally import Tally

Level = UsageMonth.Level
AT_ONCE = 100  # communes
DAYS_KEPT = 790  # twenty-six months: two whole years to compare; months stay
FIELDS = ("visits", "visitors", "connections", "cells", "days", "pupils", "schools", "department", "district", "insee")


def store_days(*, insee: str, days: Mapping[date, Mapping[str, Tally]]) -> None:
    """A commune's days, by school. What was kept of those days is replaced."""
    with transaction.atomic():
        _one_writer_for(insee)
        UsageDay.objects.filter(insee=insee, day__in=days).delete()
        UsageDay.objects.bulk_create(
            UsageDay(insee=insee, uai=uai, day=day, **tally.as_fields())
            for day, figures in sorted(days.items())
            for uai, tally in sorted(figures.items())
        )


def store_day(*, insee: str, day: date, figures: Mapping[str, Tally]) -> None:
    store_days(insee=insee, days={day: figures})


def sum_month(month: date, communes: Iterable[str] | None = None) -> int:
    """The month of these communes (of all that have days, when not said), then of what holds them. Returns those."""
    places = _Places()
    first, after = _bounds(month)
    chosen = sorted(_with_days(first, after) if communes is None else set(communes))
    for start in range(0, len(chosen), AT_ONCE):
        _keep(first, _of_communes(first, after, chosen[start : start + AT_ONCE], places))
    _keep(first, _of_wholes(first))
    return len(chosen)


def forget_old_days() -> int:
    """The days that no page reads any more. Months stay."""
    return UsageDay.objects.filter(day__lt=timezone.localdate() - timedelta(days=DAYS_KEPT)).delete()[0]


@dataclass(slots=True)
class _Month:
    """One row to be."""

    level: str
    code: str
    place: dict[str, str]
    tally: Tally = field(default_factory=Tally)
    days: int = 0  # as bits
    day_count: int = 0
    pupils: int = 0
    schools: int = 0

    def as_row(self, month: date) -> UsageMonth:
        counts = {"days": self.days.bit_count() or self.day_count, "pupils": self.pupils, "schools": self.schools}
        return UsageMonth(
            level=self.level, code=self.code, month=month, **counts, **self.place, **self.tally.as_fields()
        )


class _Places:
    """Where schools and communes are, read once a sum."""

    def __init__(self) -> None:
        rows: Any = RefSchool.objects.order_by().values_list("uai", "district_id", "pupils")
        self.schools: dict[str, tuple[str, int]] = {
            uai: (district or "", pupils or 0) for uai, district, pupils in rows
        }
        communes = RefCommune.objects.order_by().values_list("insee", "department_code")
        self.departments: dict[str, str] = dict(communes)

    def commune(self, insee: str) -> dict[str, str]:
        return {"department": self.departments.get(insee, insee[:2]), "insee": insee}

    def school(self, uai: str, insee: str) -> dict[str, str]:
        return self.commune(insee) | {"district": self.schools.get(uai, ("", 0))[0]}

    def pupils(self, uai: str) -> int:
        return self.schools.get(uai, ("", 0))[1]


# A school's days of a month as one row; the days themselves as a set of bits. Two hundred thousand rows stay where they
# are: the database adds up, and a page's worth of rows a commune comes here.
_SUMS = """
WITH chosen AS MATERIALIZED (
  SELECT insee, uai, day, visits, visitors, connections, cells FROM statistics_usageday
  WHERE insee = ANY(%(communes)s) AND day >= %(first)s AND day < %(after)s
), cell AS (
  SELECT insee, uai, key, value::int AS value FROM chosen, jsonb_each(cells)
  UNION ALL SELECT insee, uai, 'w/' || extract(isodow FROM day), visits FROM chosen
), summed AS (
  SELECT insee, uai, key, sum(value) AS value FROM cell GROUP BY insee, uai, key
), cells AS (
  SELECT insee, uai, jsonb_object_agg(key, value) AS cells FROM summed GROUP BY insee, uai
), figures AS (
  SELECT insee, uai, sum(visits) AS visits, sum(visitors) AS visitors, sum(connections) AS connections,
    bit_or(1::bigint << extract(day FROM day)::int) AS days
  FROM chosen GROUP BY insee, uai
)
SELECT insee, uai, visits, visitors, connections, cells, days FROM figures JOIN cells USING (insee, uai)
ORDER BY insee, uai
"""


def _of_communes(first: date, after: date, communes: list[str], places: _Places) -> Iterator[_Month]:
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, {"communes": communes, "first": first, "after": after})
        rows = cursor.fetchall()
    for insee, schools in groupby(rows, key=lambda row: row[0]):
        whole = _Month(Level.COMMUNE, insee, places.commune(insee))
        for _insee, uai, visits, visitors, connections, cells, days in schools:
            school = _Month(Level.SCHOOL, uai, places.school(uai, insee), days=days)
            school.tally = Tally(visits, visitors, connections, Counter(json.loads(cells)))
            whole.tally.add(school.tally)
            whole.days |= days
            if uai:
                school.schools, school.pupils = 1, places.pupils(uai)
                whole.schools, whole.pupils = whole.schools + 1, whole.pupils + school.pupils
                yield school
        yield whole


def _of_wholes(first: date) -> Iterable[_Month]:
    """Circonscriptions from schools; départements and the académie from communes."""
    found: dict[tuple[str, str], _Month] = {}
    rows = UsageMonth.objects.filter(month=first, level__in=(Level.COMMUNE, Level.SCHOOL)).order_by()
    for row in rows.iterator(chunk_size=1000):
        for level, code in _holding(row):
            if (level, code) not in found:
                place = {"department": "" if level == Level.ACADEMY else row.department}
                place["district"] = code if level == Level.DISTRICT else ""
                found[level, code] = _Month(level, code, place)
            whole = found[level, code]
            whole.tally.add(row)
            whole.pupils, whole.schools = whole.pupils + row.pupils, whole.schools + row.schools
            whole.day_count = max(whole.day_count, row.days)
    return found.values()


def _holding(row: UsageMonth) -> list[tuple[str, str]]:
    if row.level == Level.SCHOOL:
        return [(Level.DISTRICT, row.district)] if row.district else []
    return [(Level.DEPARTMENT, row.department), (Level.ACADEMY, "")]


def _keep(first: date, months: Iterable[_Month]) -> None:
    UsageMonth.objects.bulk_create(
        (month.as_row(first) for month in months),
        batch_size=500,
        update_conflicts=True,
        unique_fields=["level", "code", "month"],
        update_fields=[*FIELDS, "updated_at"],
    )


def _bounds(month: date) -> tuple[date, date]:
    first = month.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1)


def _with_days(first: date, after: date) -> set[str]:
    rows = UsageDay.objects.filter(day__gte=first, day__lt=after).order_by()
    return set(rows.values_list("insee", flat=True).distinct())


def months_of(days: Mapping[str, Iterable[date]]) -> dict[date, set[str]]:
    """Communes by month, from the days that each counted."""
    found: dict[date, set[str]] = defaultdict(set)
    for insee, some in days.items():
        for day in some:
            found[day.replace(day=1)].add(insee)
    return found


def _one_writer_for(insee: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"usage:{insee}"])


def open_months() -> list[date]:
    """This month and, in its first ten days, the one before: a commune that was late has counted by then."""
    today = timezone.localdate()
    return sorted({today.replace(day=1), (today - timedelta(days=10)).replace(day=1)})
