"""Which days have class: the week of the school, and the calendar of the commune."""

from datetime import date, timedelta

from tenant_apps.schools.models import CalendarDay, School


def days_off(first: date, last: date) -> set[date]:
    spans = CalendarDay.objects.filter(starts_on__lte=last, ends_on__gte=first).values_list("starts_on", "ends_on")
    return {start + timedelta(days=n) for start, end in spans for n in range((end - start).days + 1)}


def class_days(school: School, first: date, last: date) -> list[date]:
    """One query."""
    return open_days(school, first, last, days_off(first, last))


def open_days(school: School, first: date, last: date, off: set[date]) -> list[date]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day not in off and school.is_open_on(day.isoweekday())]
