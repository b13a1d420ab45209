"""What the academy's page of usage shows, in a number of queries that does not grow."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.db.models import Func, Subquery
from django.utils import timezone
from django.utils.functional import cached_property

from core.words import figure
from shared_apps.statistics.masking import held_back
from shared_apps.statistics.models import Rollup
from shared_apps.statistics.querysets import RollupQuerySet
from shared_apps.statistics.usage import perimeters, report
from shared_apps.statistics.usage.models import UsageMonth
from shared_apps.statistics.usage.perimeters import Level, Perimeter
from shared_apps.statistics.usage.words import evolution, hidden, month_name, shown

MONTHS = 24
PART_ROWS = 25
PEERS = 5
REACH = ("pupils", "guardians_reached", "pupils_connected", "classes", "accounts", "accounts_activated")
EQUIPMENT = ("computers", "tablets", "screens", "equipped_classes")


@dataclass(frozen=True, slots=True)
class Compared:
    name: str
    url: str
    visits: str
    visits_bar: str
    per_pupil: str
    pupils: str
    is_self: bool = False


class UsagePage:
    def __init__(self, user: Any, perimeter: Perimeter, *, month: str = "", part: str = "", page: int = 1) -> None:
        self.user, self.perimeter = user, perimeter
        self.page = max(page, 1)
        self.part = part if part in perimeter.parts else (perimeter.parts[0] if perimeter.parts else "")
        self.months = self._months()
        self.month = report.asked_month(month, [row.month for row in self.months])

    def _months(self) -> list[UsageMonth]:
        since = (timezone.localdate().replace(day=1) - timedelta(days=30 * (MONTHS - 1))).replace(day=1)
        rows = UsageMonth.objects.visible_to(self.user).of(self.perimeter.level, self.perimeter.code)
        schools = perimeters.public_schools(self.perimeter.level, self.perimeter.code)
        count = Subquery(schools.annotate(count=Func("pk", function="Count")).values("count"))
        return list(rows.between(since, timezone.localdate()).annotate(public_schools=count)[:MONTHS])

    @cached_property
    def row(self) -> UsageMonth | None:
        return next((row for row in self.months if row.month == self.month), None)

    @cached_property
    def sections(self) -> list[report.Section]:
        return report.breakdown(self.row.cells) if self.row else []

    @cached_property
    def by_month(self) -> report.Section:
        return report.by_month(self.months)

    @property
    def is_running(self) -> bool:
        """A month that is not over compares to none."""
        return self.month == timezone.localdate().replace(day=1)

    @property
    def figures(self) -> list[dict[str, str]]:
        before = None if self.is_running else self._before()
        facts = [("visits", self.row.visits), ("connections", self.row.connections)] if self.row else []
        return [
            {"key": key, "value": shown(hidden(value)), "change": evolution(value, getattr(before, key, 0) or 0)}
            for key, value in facts
        ]

    @property
    def visitors_per_day(self) -> str:
        return shown(hidden(report.per_day(self.row))) if self.row else ""

    def _before(self) -> UsageMonth | None:
        earlier = [row for row in self.months if self.month and row.month < self.month]
        return earlier[-1] if earlier else None

    @cached_property
    def parts(self) -> list[Compared]:
        """The perimeters inside this one. One row more is read, to know whether there is a next page."""
        if not (self.part and self.row):
            return []
        rows = UsageMonth.objects.visible_to(self.user).filter(month=self.month)
        rows = rows.children_of(self.perimeter.level, self.perimeter.code, self.part).defer("cells")
        start = (self.page - 1) * PART_ROWS
        rows = perimeters.with_names(rows, self.part)[start : start + PART_ROWS + 1]
        return _compared(self.part, list(rows))

    @property
    def has_next(self) -> bool:
        return len(self.parts) > PART_ROWS

    @cached_property
    def peers(self) -> list[Compared]:
        """Communes (or schools) of a near size, and this one among them."""
        if self.perimeter.level not in (Level.COMMUNE, Level.SCHOOL) or not (self.row and self.row.pupils):
            return []
        near = UsageMonth.objects.visible_to(self.user).peers_of(self.row).defer("cells")
        own: Any = self.row
        own.name = self.perimeter.name
        rows = [*perimeters.with_names(near, self.perimeter.level)[:PEERS], own]
        rows.sort(key=lambda row: -(row.visits / row.pupils if row.pupils else 0))
        return _compared(self.perimeter.level, rows, own=self.perimeter.code) if len(rows) > 1 else []

    @property
    def peers_median(self) -> str:
        others = [peer.per_pupil for peer in self.peers if not peer.is_self and peer.per_pupil != "–"]
        return figure(median(float(value.replace(",", ".")) for value in others), 1) if others else ""

    @cached_property
    def reach(self) -> dict[str, str]:
        """What is true today of the schools: pupils, guardians reached, classes, accounts, equipment."""
        totals = dict.fromkeys((*REACH, *EQUIPMENT), 0) | self._rollups().totals()
        if not totals["pupils"]:
            return {}
        things = {name: figure(totals[name]) for name in EQUIPMENT}  # of nobody: none is masked
        return {name: shown(hidden(totals[name])) for name in REACH} | things

    @property
    def has_equipment(self) -> bool:
        """Whether a school of these was counted and has something."""
        return any(self.reach.get(name, "0") != "0" for name in EQUIPMENT)

    def _rollups(self) -> RollupQuerySet:
        rows = Rollup.objects.of(*REACH, *EQUIPMENT)
        level, code = self.perimeter.level, self.perimeter.code
        if level == Level.ACADEMY:
            return rows
        codes = UsageMonth.objects.visible_to(self.user).filter(month=self.month)
        if level == Level.SCHOOL:
            rows = rows.filter(uai=code)
        elif level == Level.COMMUNE:
            rows = rows.filter(insee=code)
        elif level == Level.DISTRICT:
            inside = codes.children_of(level, code, Level.SCHOOL).order_by().values("code")
            rows = rows.filter(uai__in=inside)
        else:
            inside = codes.children_of(level, code, Level.COMMUNE).order_by().values("code")
            rows = rows.filter(insee__in=inside)
        return rows


def _compared(level: str, rows: list[Any], *, own: str = "") -> list[Compared]:
    """Parts of a total, or peers: a count that is hidden takes its bar and its rate along."""
    hidden_at, _is_enough = held_back([row.visits for row in rows], least=1)
    return [
        Compared(
            name=perimeters.name_of(row),
            url=perimeters.url_of(level, row.code),
            visits=shown(None if at in hidden_at else row.visits),
            visits_bar="0" if at in hidden_at else str(row.visits),
            per_pupil="–" if at in hidden_at else report.per_pupil(row),
            pupils=figure(row.pupils),
            is_self=row.code == own,
        )
        for at, row in enumerate(rows)
    ]


def month_options(months: Iterable[UsageMonth], chosen: date | None) -> list[dict[str, Any]]:
    """The latest first."""
    found = [
        {"value": f"{row.month:%Y-%m}", "label": month_name(row.month), "selected": row.month == chosen}
        for row in months
    ]
    return found[::-1]
