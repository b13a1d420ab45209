"""The unit of attendance: a morning or an afternoon of school (code de l’éducation, D521-10)."""

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenant_apps.schools.days import days_off
from tenant_apps.schools.models import School

NOON = time(12, 30)


class Half(models.TextChoices):
    AM = "am", _("matin")
    PM = "pm", _("après-midi")


class HalfDay(NamedTuple):
    """In the order of time: « am » comes before « pm »."""

    day: date
    half: str

    @classmethod
    def now(cls) -> Self:
        return cls.at(timezone.localtime())

    @classmethod
    def at(cls, moment: datetime) -> Self:
        return cls(moment.date(), Half.AM if moment.time() < NOON else Half.PM)

    @classmethod
    def read(cls, day: str, half: str) -> Self | None:
        """From an address; None for what is no half-day."""
        try:
            return cls(date.fromisoformat(day), Half(half))
        except ValueError:
            return None

    @property
    def label(self) -> str:
        return str(Half(self.half).label)

    @property
    def words(self) -> tuple[str, str]:
        """As an address says it."""
        return str(self.day), str(self.half)


def month_of(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def open_half_days(school: School, first: date, last: date) -> list[HalfDay]:
    """When this school has class, holidays of the calendar left out. One query."""
    return half_days_of(school, first, last, days_off(first, last))


def half_days_of(school: School, first: date, last: date, off: set[date]) -> list[HalfDay]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [
        HalfDay(day, half) for day in days if day not in off for half in Half.values if is_taught(school, day, half)
    ]


def is_taught(school: Any, day: date, half: str) -> bool:
    """By the week of the school; the calendar has its own word."""
    return half in school.week.get(str(day.isoweekday()), {})
