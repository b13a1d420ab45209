"""One line of the table, and the table."""

import json
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """`ours` and `reference` in `unit`; `ratio` is what the target speaks of when it is a comparison."""

    name: str
    ours: float
    unit: str
    target: str
    is_ok: bool
    reference: float | None = None
    ratio: float | None = None

    @property
    def verdict(self) -> str:
        return "ok" if self.is_ok else "short"


def at_most(name: str, ours: float, unit: str, limit: float) -> Line:
    return Line(name, ours, unit, f"≤ {limit:g} {unit}", ours <= limit)


def at_least(name: str, ours: float, unit: str, limit: float) -> Line:
    return Line(name, ours, unit, f"≥ {limit:g} {unit}", ours >= limit)


def fact(name: str, ours: float, unit: str) -> Line:
    """What is told beside, without a target."""
    return Line(name, ours, unit, "–", is_ok=True)


def times_faster(name: str, ours: float, reference: float, unit: str, factor: float) -> Line:
    """Both are durations: the reference takes `ratio` times as long."""
    ratio = reference / ours
    return Line(name, ours, unit, f"≥ {factor:g} ×", ratio >= factor, reference, ratio)


def share_kept(name: str, ours: float, reference: float, unit: str, share: float) -> Line:
    """Both are rates: ours keeps this share of the reference."""
    ratio = ours / reference
    return Line(name, ours, unit, f"≥ {100 * share:g} %", ratio >= share, reference, ratio)


def timed(act: Callable[[], Any]) -> float:
    """Milliseconds of one call."""
    begun = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - begun)


def median_of(count: int, act: Callable[[], Any]) -> float:
    return statistics.median(timed(act) for _turn in range(count))


def show(lines: Iterable[Line]) -> str:
    heads = ("name", "ours", "reference", "ratio", "target", "ok")
    rows = [heads, *map(_cells, lines)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(heads))]
    return "\n".join(" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def _cells(line: Line) -> tuple[str, ...]:
    reference = f"{line.reference:.4g} {line.unit}" if line.reference is not None else "–"
    ratio = f"{line.ratio:.3g}" if line.ratio is not None else "–"
    return (line.name, f"{line.ours:.4g} {line.unit}", reference, ratio, line.target, line.verdict)


def keep(lines: Iterable[Line], path: Path, **facts: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [asdict(line) | {"verdict": line.verdict} for line in lines]
    path.write_text(json.dumps(facts | {"lines": rows}, ensure_ascii=False, indent=1) + "\n")
