"""Counts and their breakdown, as one flat set of cells that sums.

    p/guardian          visits of a profile          u/guardian          its visitors
    s/guardian/liaison  visits of a service          v/guardian/liaison  its visitors
    h/08                visits of an hour            d/phone             of a device class
    w/1                 of a weekday (months only; 1: Monday)

Visits add up over schools, profiles, hours, devices. Visitors don't over services: one person uses several.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared_apps.statistics.masking import SMALLEST, held_back


@dataclass(slots=True)
class Tally:
    visits: int = 0
    visitors: int = 0
    connections: int = 0
    cells: Counter[str] = field(default_factory=Counter)

    def add(self, other: Any) -> None:
        self.visits += other.visits
        self.visitors += other.visitors
        self.connections += other.connections
        cells = self.cells
        for key, value in other.cells.items():
            cells[key] += value

    def add_day(self, row: Any) -> None:
        self.add(row)
        self.cells[f"w/{row.day.isoweekday()}"] += row.visits

    def as_fields(self) -> dict[str, Any]:
        return {
            "visits": self.visits,
            "visitors": self.visitors,
            "connections": self.connections,
            "cells": dict(self.cells),
        }


def parts(cells: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """`parts(cells, "h")` → {"08": 12, …}."""
    return {key[2:]: value for key, value in cells.items() if key.startswith(f"{kind}/")}


def told(cells: Mapping[str, int]) -> dict[str, int | None]:
    """What may be read of them: None for a small count, and for another that would give it back by its total.

    A breakdown whose total is known, and would give its parts back whatever is hidden, is left out.
    """
    breakdowns: dict[str, list[str]] = defaultdict(list)
    for key in sorted(cells):
        breakdowns[_breakdown_of(key)].append(key)
    found: dict[str, int | None] = {}
    for keys in breakdowns.values():
        values = [cells[key] for key in keys]
        hidden, is_enough = held_back(values, least=1)
        if is_enough or sum(values) < SMALLEST:
            found |= {key: None if at in hidden else cells[key] for at, key in enumerate(keys)}
    return found


def _breakdown_of(key: str) -> str:
    """« s/guardian/liaison » is a part of the visits of a service, « p/guardian » of all."""
    kind, *names = key.split("/")
    return f"{kind}/{names[1]}" if kind in "sv" else kind
