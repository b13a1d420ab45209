"""Time as the assistance counts it: the days when schools work (Monday to Friday but for holidays, bridge days and
public holidays of zone C), 8 h to 18 h, in Paris. Targets are said in such hours. What is answered on a day off was
worked on: its delay counts from Monday to Friday, whatever the calendar says.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from shared_apps.reference.calendar import published as days_off
from shared_apps.support.vocabulary import Priority

OPENS, CLOSES = time(8), time(18)
DAY = 600  # minutes
# Priority → minutes until the first answer, until the solution.
TARGETS = {Priority.URGENT: (120, DAY), Priority.HIGH: (240, 2 * DAY), Priority.NORMAL: (DAY, 5 * DAY)}


def worked_minutes(start: datetime, end: datetime) -> int:
    last, off = timezone.localdate(end), days_off.get()
    days = _days(start, last, frozenset() if last in off else off)
    spans = (min(end, closes) - max(start, opens) for opens, closes in days)
    return sum((max(span, timedelta()) for span in spans), timedelta()) // timedelta(minutes=1)


def due_after(start: datetime, minutes: int) -> datetime:
    """When so many minutes will have been worked."""
    left = timedelta(minutes=minutes)
    for opens, closes in _days(start, None, days_off.get()):
        begins = max(start, opens)
        if closes - begins >= left:
            return begins + left
        left -= max(closes - begins, timedelta())
    raise AssertionError("unreachable")


def _days(start: datetime, until: date | None, off: frozenset[date]) -> Iterator[tuple[datetime, datetime]]:
    day = timezone.localdate(start)
    while until is None or day <= until:
        if day.isoweekday() <= 5 and day not in off:
            zone = timezone.get_default_timezone()
            yield datetime.combine(day, OPENS, zone), datetime.combine(day, CLOSES, zone)
        day += timedelta(days=1)
