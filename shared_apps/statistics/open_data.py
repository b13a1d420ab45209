"""The figures of adoption for anybody: aggregates of the day, small cells masked."""

from typing import Any

from django.core.cache import cache
from django.utils import timezone

from shared_apps.reference.models import District
from shared_apps.statistics.adoption import Adoption, Standing, rate
from shared_apps.statistics.masking import masked, masked_rows

COUNTS = ("communes_joined", "public_schools_joined", "pupils")
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


def rows() -> list[dict[str, Any]]:
    """The académie, its départements, their circonscriptions."""
    key = f"statistics:open-data:{timezone.localdate()}"
    return cache.get_or_set(key, _rows, KEPT) or []


def _rows() -> list[dict[str, Any]]:
    adoption = Adoption()
    found = [_whole(adoption.standing("", "Académie de Montpellier"))]
    departments = adoption.by_department()
    found += _level("departement", departments)
    districts = adoption.by_district()
    homes = dict(District.objects.values_list("uai", "department_code"))
    for department in departments:
        inside = [row for row in districts if homes.get(row.code) == department.code]
        found += _level("circonscription", inside)
    return found


def _whole(standing: Standing) -> dict[str, Any]:
    row = _row("academie", standing)
    return _rated(row | {name: masked(row[name]) for name in COUNTS})


def _level(level: str, standings: list[Standing]) -> list[dict[str, Any]]:
    return [_rated(row) for row in masked_rows([_row(level, standing) for standing in standings], COUNTS)]


def _row(level: str, standing: Standing) -> dict[str, Any]:
    facts = {"niveau": level, "code": standing.code, "nom": standing.name} | standing.as_export()
    return {name: facts[name] for name in COLUMNS}


def _rated(row: dict[str, Any]) -> dict[str, Any]:
    """No rate that would tell a masked count."""
    for name, part, whole in (
        ("communes_rate", "communes_joined", "communes_with_public_school"),
        ("public_schools_rate", "public_schools_joined", "public_schools"),
    ):
        row[name] = None if row[part] is None else rate(row[part], row[whole])
    return row
