"""The demo's past: what the services write is dated by the day they are told it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from unittest import mock

from django.utils import timezone


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside, `timezone.now()` is `moment`: audit, signatures and notes are dated as if they had happened then."""
    with mock.patch("django.utils.timezone.now", return_value=moment):
        yield


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=timezone.get_default_timezone())


def is_school_day(day: date, days_off: set[date]) -> bool:
    """Monday, Tuesday, Thursday, Friday, out of the holidays."""
    return day.weekday() in {0, 1, 3, 4} and day not in days_off


def last_school_day(days_off: set[date], today: date | None = None) -> date:
    """The day the demo pretends it is: today, or before when it is Sunday or August."""
    day = today or timezone.localdate()
    while not is_school_day(day, days_off):
        day -= timedelta(days=1)
    return day


def school_days_before(day: date, count: int, days_off: set[date]) -> list[date]:
    """The `count` school days that end with `day`, the latest first."""
    found = []
    while len(found) < count:
        if is_school_day(day, days_off):
            found.append(day)
        day -= timedelta(days=1)
    return found
