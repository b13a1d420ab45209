"""Counts and their breakdown, as one flat set of cells that sums.

    p/guardian          visits of a profile          u/guardian          its visitors
    s/guardian/liaison  visits of a service          v/guardian/liaison  its visitors
    h/08                visits of an hour            d/phone             of a device class
    w/1                 of a weekday (months only; 1: Monday)

Visits add up over schools, profiles, hours, devices. Visitors don't over services: one person uses several.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


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


def parts(cells: dict[str, int], kind: str) -> dict[str, int]:
    """`parts(cells, "h")` → {"08": 12, …}."""
    return {key[2:]: value for key, value in cells.items() if key.startswith(f"{kind}/")}


def total(rows: Iterable[Any]) -> Tally:
    found = Tally()
    for row in rows:
        found.add(row)
    return found
