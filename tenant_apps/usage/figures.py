"""What a head or the school service reads: the months of their schools, summed from the days kept here."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property

from shared_apps.statistics.usage import charts, pages, report
from shared_apps.statistics.usage.tally import Tally
from shared_apps.statistics.usage.words import hidden, shown
from tenant_apps.usage.models import CountedDay

MONTHS = 13


@dataclass(slots=True)
class Month:
    month: date
    tally: Tally = field(default_factory=Tally)
    dates: set[date] = field(default_factory=set)

    @property
    def visits(self) -> int:
        return self.tally.visits

    @property
    def visitors(self) -> int:
        return self.tally.visitors

    @property
    def connections(self) -> int:
        return self.tally.connections

    @property
    def days(self) -> int:
        return len(self.dates)


class Figures:
    """One query for the days, whatever their number of schools."""

    def __init__(self, user: Any, *, profile: str, month: str) -> None:
        self.user = user
        # The town never sees pedagogy: which services the teachers use is theirs.
        self.with_services = profile == "head"
        self.today = timezone.localdate()
        self.months = self._months()
        self.month = report.asked_month(month, [row.month for row in self.months])

    def _months(self) -> list[Month]:
        first = (self.today.replace(day=1) - timedelta(days=30 * (MONTHS - 1))).replace(day=1)
        found: dict[date, Month] = {}
        for row in CountedDay.objects.visible_to(self.user).filter(day__gte=first).order_by("day"):
            month = row.day.replace(day=1)
            kept = found.setdefault(month, Month(month))
            kept.tally.add_day(row)
            kept.dates.add(row.day)
        return list(found.values())

    @cached_property
    def row(self) -> Month | None:
        return next((row for row in self.months if row.month == self.month), None)

    @property
    def sections(self) -> list[report.Section]:
        return report.breakdown(self.row.tally.cells, with_services=self.with_services) if self.row else []

    @property
    def by_month(self) -> report.Section:
        return report.by_month(self.months)

    @property
    def bars(self) -> dict[str, Any]:
        return charts.columns(self.months, self.month)

    @property
    def hours(self) -> dict[str, Any]:
        return charts.hours_of(self.sections)

    @property
    def options(self) -> list[dict[str, Any]]:
        return pages.month_options(self.months, self.month)

    @property
    def visits(self) -> str:
        return shown(hidden(self.row.visits)) if self.row else ""

    @property
    def connections(self) -> str:
        return shown(hidden(self.row.connections)) if self.row else ""

    @property
    def visitors_per_day(self) -> str:
        return shown(hidden(report.per_day(self.row))) if self.row else ""
