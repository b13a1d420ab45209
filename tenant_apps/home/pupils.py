"""What a pupil's home shows: the week as pictures, the class, the days until the next holidays."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tenant_apps.schools.days import days_off
from tenant_apps.schools.models import CalendarDay, School


@dataclass(frozen=True, slots=True)
class Break:
    """The holidays that come, and the number of nights before them."""

    label: str
    nights: int
    starts_on: date


def week_strip(school: School, today: date | None = None) -> list[dict[str, str]]:
    """Monday to Friday of this week (of the next one at the weekend): school, or home."""
    today = today or timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    if today.weekday() > 4:
        monday += timedelta(days=7)
    days = [monday + timedelta(days=n) for n in range(5)]
    off = days_off(days[0], days[-1])
    return [_picture(school, day, today, is_off=day in off) for day in days]


def next_break(today: date | None = None) -> Break | None:
    today = today or timezone.localdate()
    coming = CalendarDay.objects.filter(kind=CalendarDay.Kind.SCHOOL_BREAK, starts_on__gt=today).first()
    return Break(coming.label, (coming.starts_on - today).days, coming.starts_on) if coming else None


def _picture(school: School, day: date, today: date, *, is_off: bool) -> dict[str, Any]:
    at_home = is_off or not school.is_open_on(day.isoweekday())
    state = "past" if day < today else "now" if day == today else "next"
    return {
        "emoji": "house-with-garden" if at_home else "backpack",
        "label": date_format(day, "l"),
        "state": state,
        "spoken": _("à la maison") if at_home else _("école"),
    }
