"""Columns drawn on the server. Silent: the table beside says the same. A count that is hidden is not drawn."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from shared_apps.statistics.usage.report import Section
from shared_apps.statistics.usage.words import hidden, month_name

STEP = 10  # a column and the space after it, in units of the drawing
HEIGHT = 100


def columns(rows: Iterable[Any], current: date | None) -> dict[str, Any]:
    """The visits of months, oldest first."""
    return _drawn([(month_name(row.month), hidden(row.visits) or 0, row.month == current) for row in rows])


def hours_of(sections: Iterable[Section]) -> dict[str, Any]:
    """Those of the day."""
    rows = [row for section in sections if section.key == "hours" for row in section.rows]
    return _drawn([(row.label, row.value or 0, True) for row in rows])


def _drawn(bars: list[tuple[str, int, bool]]) -> dict[str, Any]:
    most = max((value for _label, value, _is_current in bars), default=0) or 1
    rects = [_rect(place, HEIGHT * value // most, current) for place, (_label, value, current) in enumerate(bars)]
    ends = (bars[0][0], bars[-1][0]) if bars else ("", "")
    return {"rects": rects, "width": str(STEP * len(bars)), "first": ends[0], "last": ends[1]}


def _rect(place: int, height: int, is_current: bool) -> dict[str, Any]:
    """Written as text: the page's language would put spaces into thousands."""
    return {
        "x": str(place * STEP + 1),
        "y": str(HEIGHT - height),
        "height": str(height),
        "current": is_current,
    }
