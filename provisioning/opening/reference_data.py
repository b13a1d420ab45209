"""The schools of the convention, the school years and their days without school."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from shared_apps.onboarding.services import SchoolFacts
from shared_apps.reference.models import CalendarDay as RefCalendarDay
from tenant_apps.schools.models import CalendarDay, School, SchoolYear

ZONE = "C"
FIRST_MONTH = 8  # in August one works for the year that begins


def calendar() -> list[RefCalendarDay]:
    """From the public schema: the current school year and those already published."""
    days = RefCalendarDay.objects.filter(
        zone=ZONE, removed_on=None, school_year__gte=_label(_current_year()), kind__in=CalendarDay.Kind.values
    )
    return list(days)


def lay(schools: Iterable[SchoolFacts], days: list[RefCalendarDay]) -> None:
    """In the commune. What is already there stays as it is."""
    School.objects.bulk_create(map(_school, schools), ignore_conflicts=True)
    starts = {_current_year()} | {int(day.school_year[:4]) for day in days}
    SchoolYear.objects.bulk_create(map(_year, sorted(starts)), ignore_conflicts=True)
    CalendarDay.objects.bulk_create(
        (CalendarDay(kind=d.kind, label=d.label, starts_on=d.starts_on, ends_on=d.ends_on) for d in days),
        ignore_conflicts=True,
    )


def _school(facts: SchoolFacts) -> School:
    kind = facts.kind if facts.kind in School.Kind.values else School.Kind.PRIMARY
    return School(uai=facts.uai, name=facts.name, kind=kind, address=facts.address, postal_code=facts.postal_code)


def _year(start: int) -> SchoolYear:
    return SchoolYear(label=_label(start), starts_on=date(start, 9, 1), ends_on=date(start + 1, 8, 31))


def _current_year() -> int:
    today = timezone.localdate()
    return today.year if today.month >= FIRST_MONTH else today.year - 1


def _label(start: int) -> str:
    return f"{start}-{start + 1}"
