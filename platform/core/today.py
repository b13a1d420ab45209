"""The day it is, said thirty times a page: Django works it out each time from the clock and the zone."""

from datetime import date, datetime, time, timedelta
from time import time as clock

from django.utils import timezone

_known: tuple[float, float, date] = 0.0, 0.0, date.min  # from, until (seconds of the clock), the day


def today() -> date:
    """As `timezone.localdate()`, in the zone of the settings."""
    global _known  # one tuple, replaced whole: no thread reads half of it
    begins, ends, day = _known
    if not begins <= clock() < ends:
        zone = timezone.get_default_timezone()
        day = timezone.localdate(timezone=zone)
        begins, ends = (datetime.combine(day + timedelta(days=n), time(), zone).timestamp() for n in (0, 1))
        _known = begins, ends, day
    return day
