"""Last year's class, readable by its families until a date: one rule for all that shows last year's things."""

from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from tenant_apps.people.models import Enrollment
from tenant_apps.schools.models import SchoolYear


def readable_until(year: SchoolYear) -> date:
    """The last day on which families read what belongs to `year` (`ENT_LAST_YEAR_READABLE_UNTIL`, month and day)."""
    month, day = map(int, settings.ENT_LAST_YEAR_READABLE_UNTIL.split("-"))
    after = date(year.ends_on.year, month, day)
    return after if after > year.ends_on else date(year.ends_on.year + 1, month, day)


def readable_years(on: date | None = None) -> list[Any]:
    """Ids of the years that ended and that families still read."""
    today = on or timezone.localdate()
    return [year.pk for year in SchoolYear.objects.filter(ends_on__lt=today) if today <= readable_until(year)]


def last_enrollments_of_family(user: Any) -> Any:
    """Where one's children, or oneself, were last year: while it is readable. Who left the school reads it too."""
    rows = Enrollment.objects.of_family(user).filter(
        ends_on__lte=timezone.localdate(), school_class__year__in=readable_years()
    )
    return rows.select_related("pupil__person", "school_class__school", "school_class__year")


def written_since(on: date | None = None) -> date:
    """Families read what is dated from this day on: the year in progress, and last year's while it is readable."""
    today = on or timezone.localdate()
    years = SchoolYear.objects.filter(starts_on__lte=today).order_by("starts_on")
    first = [year.starts_on for year in years if today <= readable_until(year)]
    return first[0] if first else date.min
