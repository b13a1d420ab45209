"""When schools don't need the platform: evenings, Wednesday afternoons, week-ends, holidays of zone C."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from shared_apps.reference.calendar import days_off

OPENS, CLOSES, WEDNESDAY_NOON = time(7, 30), time(18, 30), time(12, 30)
WEDNESDAY, SATURDAY = 2, 5
EVENING, AFTERNOON, MORNING = time(19, 0), time(13, 30), time(9, 0)
NOTICE = timedelta(hours=48)  # the schools are told two days before
AHEAD = 21  # days


def touches_school(starts_at: datetime, ends_at: datetime) -> bool:
    """Whether a minute of it falls while a school works."""
    first, last = timezone.localdate(starts_at), timezone.localdate(ends_at)
    return _touches(starts_at, ends_at, days_off(first, last))


def _touches(starts_at: datetime, ends_at: datetime, off: set[date]) -> bool:
    first, last = timezone.localdate(starts_at), timezone.localdate(ends_at)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return any(opens < ends_at and starts_at < closes for opens, closes in _hours(days, off))


def _hours(days: Iterator[date], off: set[date]) -> Iterator[tuple[datetime, datetime]]:
    for day in days:
        if day.weekday() < SATURDAY and day not in off:
            yield _at(day, OPENS), _at(day, WEDNESDAY_NOON if day.weekday() == WEDNESDAY else CLOSES)


def next_slots(minutes: int, *, count: int = 3) -> list[datetime]:
    """The first free beginnings, one a day, when schools have had time to be told."""
    earliest = timezone.now() + NOTICE
    today = timezone.localdate(earliest)
    off = days_off(today, today + timedelta(days=AHEAD + 1))
    found: list[datetime] = []
    for day in (today + timedelta(days=n) for n in range(AHEAD)):
        start = _first_of(day, minutes, earliest, off)
        if start is not None:
            found.append(start)
        if len(found) == count:
            break
    return found


def _first_of(day: date, minutes: int, earliest: datetime, off: set[date]) -> datetime | None:
    for hour in (MORNING, AFTERNOON, EVENING):
        start = _at(day, hour)
        if start >= earliest and not _touches(start, start + timedelta(minutes=minutes), off):
            return start
    return None


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))
