"""The hours when people are left in peace, at the school's time. What falls in them waits for their end."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

EVENING, MORNING = time(20), time(7, 30)
SATURDAY = 5


def after(moment: datetime, hours: tuple[time, time] | None, *, weekends: bool = False) -> datetime:
    """Then, or the end of the quiet hours (they may go over midnight) and of the weekend in which it falls."""
    moment = _after_hours(moment, *hours) if hours else moment
    local = timezone.localtime(moment)
    if not weekends or local.weekday() < SATURDAY:
        return moment
    monday = local.date() + timedelta(days=7 - local.weekday())
    return _at(monday, hours[1] if hours else MORNING)


def _after_hours(moment: datetime, first: time, last: time) -> datetime:
    local = timezone.localtime(moment)
    hour, today = local.time(), local.date()
    if first <= last:
        return _at(today, last) if first <= hour < last else moment
    if hour >= first:
        return _at(today + timedelta(days=1), last)
    return _at(today, last) if hour < last else moment


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))
