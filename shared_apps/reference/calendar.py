"""Days without class in zone C: holidays, bridge days, public holidays."""

from datetime import date, timedelta

from shared_apps.reference.models import CalendarDay
from tenants.published import Published


def days_off(first: date, last: date = date.max) -> set[date]:
    spans = CalendarDay.objects.current().filter(ends_on__gte=first, starts_on__lte=last)
    rows = spans.exclude(kind=CalendarDay.Kind.SCHOOL_START).order_by().values_list("starts_on", "ends_on")
    return {a + timedelta(days=n) for a, z in rows for n in range((z - a).days + 1)}


# For communes too, and for what counts many delays: all the days that are known.
published: Published[frozenset[date]] = Published(
    "reference.days_off", lambda: frozenset(days_off(date.min)), frozenset()
)
