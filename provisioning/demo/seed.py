"""Peoples the demo, relative to the last school day, through the services that people use."""

from collections.abc import Callable
from datetime import date, timedelta

from django.utils import timezone

from core.tenancy import in_public
from provisioning.demo import academy
from provisioning.demo.clock import last_school_day
from shared_apps.reference.models import CalendarDay

Tell = Callable[[str], None]


def seed(*, tell: Tell = lambda message: None) -> None:
    """Safe to repeat: what exists is left as it is."""
    today = last_school_day(days_off())
    academy.seed(today)
    tell("Académie, conventions, communes ouvertes.")


def days_off() -> set[date]:
    """Holidays, public holidays and bridge days of zone C around today."""
    year = timezone.localdate()
    with in_public():
        spans = CalendarDay.objects.filter(removed_on=None, ends_on__gte=year - timedelta(days=400)).exclude(
            kind=CalendarDay.Kind.SCHOOL_START
        )
        return {
            day.starts_on + timedelta(days=n) for day in spans for n in range((day.ends_on - day.starts_on).days + 1)
        }
