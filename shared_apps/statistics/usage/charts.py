"""Columns drawn on the server. Silent: the table beside says the same."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from shared_apps.statistics.usage.words import month_name

STEP = 10  # a column and the space after it, in units of the drawing
HEIGHT = 100


def columns(rows: Iterable[Any], current: date | None) -> dict[str, Any]:
    """The visits of months, oldest first."""
    rows = list(rows)
    most = max((row.visits for row in rows), default=0) or 1
    rects = [_rect(place, HEIGHT * row.visits // most, row.month == current) for place, row in enumerate(rows)]
    ends = [month_name(rows[0].month), month_name(rows[-1].month)] if rows else ["", ""]
    return {"rects": rects, "width": str(STEP * len(rows)), "first": ends[0], "last": ends[1]}


def _rect(place: int, height: int, is_current: bool) -> dict[str, Any]:
    """Written as text: the page's language would put spaces into thousands."""
    return {
        "x": str(place * STEP + 1),
        "y": str(HEIGHT - height),
        "height": str(height),
        "current": is_current,
    }
