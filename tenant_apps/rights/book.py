"""The rules of the day: what each school chose, under the academy's ceilings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared_apps.bounds.services import ceilings
from shared_apps.bounds.shipped import USUAL
from shared_apps.bounds.vocabulary import Cell, Scope, narrowest
from tenant_apps.rights.models import SchoolRule


@dataclass(frozen=True, slots=True)
class Book:
    ceilings: Mapping[Cell, Scope]
    own: Mapping[tuple[Any, Cell], SchoolRule]

    def scope(self, cell: Cell, school: Any) -> Scope:
        """How far this rule goes for the people of this school (None: those of no school)."""
        return narrowest(self.chosen(cell, school), self.ceilings[cell])

    def chosen(self, cell: Cell, school: Any) -> Scope:
        rule = self.own.get((school, cell))
        return Scope(rule.scope) if rule is not None else USUAL[cell]

    def is_cut(self, cell: Cell, school: Any) -> bool:
        """The academy's ceiling says less than the school."""
        return self.chosen(cell, school).rank > self.ceilings[cell].rank

    def own_cells(self, school: Any) -> set[Cell]:
        return {cell for place, cell in self.own if place == school}

    def matrix(self, school: Any) -> dict[Cell, Scope]:
        return {cell: self.scope(cell, school) for cell in USUAL}


def read_book(schools: Iterable[Any] | None = None) -> Book:
    """One query, and the ceilings from the cache."""
    rows = SchoolRule.objects.select_related("set_by").order_by()
    if schools is not None:
        rows = rows.filter(school__in=schools)
    return Book(ceilings(), {(row.school_id, row.cell): row for row in rows})
