"""On which days something happens: the four rules of RFC 5545 that a school needs, each with an end."""

from collections.abc import Callable, Container, Iterator
from datetime import date, timedelta
from typing import Any

# By `Event.Repeats`: the rule in the words of RFC 5545, and whether a day follows it.
RULES = {
    "daily": "FREQ=DAILY",
    "weekly": "FREQ=WEEKLY",
    "fortnightly": "FREQ=WEEKLY;INTERVAL=2",
    "monthly": "FREQ=MONTHLY",
}
_FOLLOWS: dict[str, Callable[[date, date], bool]] = {
    "daily": lambda start, day: day.weekday() < 5,
    "weekly": lambda start, day: (day - start).days % 7 == 0,
    "fortnightly": lambda start, day: (day - start).days % 14 == 0,
    # As in RFC 5545: the 31 is in seven months of the year.
    "monthly": lambda start, day: day.day == start.day,
}


def days_of(event: Any, first: date, last: date, off: Container[date]) -> Iterator[date]:
    """The days on which it begins, within a range. What repeats follows the school: not on days off."""
    if not event.is_repeated:
        if event.starts_on <= last and event.ends_on >= first:
            yield event.starts_on
        return
    day, end, follows = max(first, event.starts_on), min(last, event.until), _FOLLOWS[event.repeats]
    while day <= end:
        if follows(event.starts_on, day) and day not in off:
            yield day
        day += timedelta(days=1)
