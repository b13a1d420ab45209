"""The equipment of one's schools, as the page and the table show it: two queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from tenant_apps.equipment.models import Equipment
from tenant_apps.schools.models import School

Kind = Equipment.Kind

# What a line of the page has room for; the table to take away has every kind.
HEADS = (
    (_("Ordinateurs"), (Kind.DESKTOP, Kind.LAPTOP)),
    (_("Tablettes"), (Kind.TABLET,)),
    (_("Écrans interactifs"), (Kind.SCREEN,)),
    (_("Projecteurs"), (Kind.PROJECTOR,)),
    (_("Classes équipées"), (Kind.EQUIPPED_CLASS,)),
    (_("Mbit/s"), (Kind.CONNECTION,)),
)


@dataclass(slots=True)
class Counted:
    school: School
    numbers: dict[str, int] = field(default_factory=dict)
    at: datetime | None = None  # when it was last counted

    @property
    def cells(self) -> list[tuple[Any, int]]:
        """(head of the column, number)"""
        return [(head, sum(self.numbers.get(kind, 0) for kind in kinds)) for head, kinds in HEADS]


def inventory(user: Any) -> list[Counted]:
    found = {school.pk: Counted(school) for school in School.objects.open().worked_in_by(user).order_by("name", "uai")}
    for row in Equipment.objects.visible_to(user).filter(school__in=found):
        counted = found[row.school_id]
        counted.numbers[row.kind] = row.quantity
        counted.at = row.updated_at
    return list(found.values())


def totals(rows: Iterable[Counted]) -> list[tuple[Any, int]]:
    """(kind in words, number) of all the schools, but for what doesn't add up: a bandwidth."""
    rows = list(rows)
    kinds = [kind for kind in Kind if kind != Kind.CONNECTION]
    return [(kind.label, sum(row.numbers.get(kind, 0) for row in rows)) for kind in kinds]
