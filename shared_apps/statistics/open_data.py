"""The figures of adoption for anybody: aggregates of the day, small cells masked."""

from collections.abc import Iterable
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from shared_apps.reference.models import District
from shared_apps.statistics.adoption import Adoption, Standing
from shared_apps.statistics.masking import SMALLEST, held_back

# Counts, and what they can't pass as anybody knows it.
WHOLES = {
    "communes_joined": "communes_with_public_school",
    "public_schools_joined": "public_schools",
    "pupils": "",
}
RATES = {"communes_rate": "communes_joined", "public_schools_rate": "public_schools_joined"}
COLUMNS = (
    "niveau",
    "code",
    "nom",
    "communes_joined",
    "communes_with_public_school",
    "communes_rate",
    "public_schools_joined",
    "public_schools",
    "public_schools_rate",
    "pupils",
)
KEPT = 15 * 60  # seconds: anybody may ask, the day's figures change rarely
Row = dict[str, Any]


def rows() -> list[Row]:
    """The académie, its départements, their circonscriptions."""
    key = f"statistics:open-data:{timezone.localdate()}"
    return cache.get_or_set(key, _rows, KEPT) or []


def _rows() -> list[Row]:
    adoption = Adoption()
    whole = _row("academie", adoption.standing("", "Académie de Montpellier"))
    departments = [_row("departement", row) for row in adoption.by_department()]
    districts = [_row("circonscription", row) for row in adoption.by_district()]
    homes = dict(District.objects.values_list("uai", "department_code"))
    inside = [[row for row in districts if homes.get(row["code"]) == place["code"]] for place in departments]
    return masked(whole, departments, inside)


def _row(level: str, standing: Standing) -> Row:
    facts = {"niveau": level, "code": standing.code, "nom": standing.name} | standing.as_export()
    return {name: facts[name] for name in COLUMNS}


def masked(whole: Row, departments: list[Row], inside: list[list[Row]]) -> list[Row]:
    """`inside`: the circonscriptions of each département. Rows of all levels, without what they would give back."""
    found = [whole, *departments, *(row for rows in inside for row in rows)]
    telling = {row["code"] for row in found if _tells(row)}
    for count, limit in WHOLES.items():
        _mask(count, limit, telling, whole, departments, inside)
    for row in found:
        row |= {name: None for name, count in RATES.items() if row[count] is None}
    return found


def _tells(row: Row) -> bool:
    """Its schools would tell its few communes."""
    is_full = row["public_schools_joined"] == row["public_schools"]
    return row["communes_joined"] < SMALLEST and (is_full or row["communes_with_public_school"] == 1)


def _mask(
    count: str, limit: str, telling: set[str], whole: Row, departments: list[Row], inside: list[list[Row]]
) -> None:
    """From the smallest places up: a total that would give back its parts goes too; then all parts of what goes."""

    def held(rows: list[Row], also: Iterable[int] = ()) -> tuple[set[int], bool]:
        wholes = [row[limit] for row in rows] if limit else []
        also = {*also, *(at for at, row in enumerate(rows) if row["code"] in telling)}
        return held_back([row[count] for row in rows], wholes=wholes, also=also)

    found = [held(rows) for rows in inside]
    hidden, is_enough = held(departments, (at for at, (_parts, enough) in enumerate(found) if not enough))
    for at, (rows, (parts, _enough)) in enumerate(zip(inside, found, strict=True)):
        _hide(rows, count, range(len(rows)) if at in hidden else parts)
    _hide(departments, count, hidden)
    if not is_enough or whole[count] < SMALLEST or whole["code"] in telling:
        whole[count] = None


def _hide(rows: list[Row], count: str, places: Iterable[int]) -> None:
    for at in places:
        rows[at][count] = None
