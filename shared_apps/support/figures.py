"""How long people wait, in worked time, and what they think of it. Medians: one forgotten request hides nothing."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Aggregate, Avg, Count, F, FloatField, Q
from django.utils import timezone

from shared_apps.support.hours import DAY, TARGETS
from shared_apps.support.models import TicketHeader
from shared_apps.support.vocabulary import Category, Level, Priority

SINCE = timedelta(days=90)


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True, slots=True)
class Figures:
    code: str
    label: str
    opened: int = 0
    answer_minutes: int | None = None  # medians
    solve_minutes: int | None = None
    answered: int = 0
    answered_in_time: int = 0
    solved: int = 0
    solved_in_time: int = 0
    rated: int = 0
    rating: float | None = None


def figures_of(user: Any, level: str = Level.ACADEMY) -> tuple[Figures, list[Figures]]:
    """All together, then by category; of the last ninety days. Two queries."""
    rows = TicketHeader.objects.visible_to(user).filter(level=level, opened_at__gte=timezone.now() - SINCE)
    whole = _make("", "", rows.aggregate(**_columns()))
    by_category = {row["category"]: row for row in rows.order_by().values("category").annotate(**_columns())}
    return whole, [_make(c.value, str(c.label), by_category[c.value]) for c in Category if c.value in by_category]


def _columns() -> dict[str, Any]:
    answered, solved = Q(answered_at__isnull=False), Q(solved_at__isnull=False)
    return {
        "opened": Count("pk"),
        "answer": Median("answer_minutes", filter=answered),
        "solve": Median("solve_minutes", filter=solved),
        "answered": Count("pk", filter=answered),
        "answered_in_time": Count("pk", filter=answered & Q(answered_at__lte=F("answer_due_at"))),
        "solved": Count("pk", filter=solved),
        "solved_in_time": Count("pk", filter=solved & Q(solved_at__lte=F("solve_due_at"))),
        "rated": Count("rating"),
        "mean": Avg("rating"),
    }


def _make(code: str, label: str, row: dict[str, Any]) -> Figures:
    names = ("opened", "answered", "answered_in_time", "solved", "solved_in_time", "rated")
    counts = {name: row[name] for name in names}
    rating = round(row["mean"], 1) if row["mean"] is not None else None
    medians = {"answer_minutes": _whole(row["answer"]), "solve_minutes": _whole(row["solve"])}
    return Figures(code, label, rating=rating, **medians, **counts)


def _whole(minutes: float | None) -> int | None:
    return None if minutes is None else round(minutes)


def targets() -> list[dict[str, Any]]:
    return [
        {"label": priority.label, "answer": TARGETS[priority][0], "solution": TARGETS[priority][1]}
        for priority in reversed(list(Priority))
    ]


def in_words(minutes: int | None) -> str:
    """« 45 min », « 3 h 20 », « 2 jours »: worked days of ten hours."""
    if minutes is None:
        return "—"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < DAY:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest:02}" if rest else f"{hours} h"
    days = round(minutes / DAY, 1)
    return f"{days:g} j".replace(".", ",")
