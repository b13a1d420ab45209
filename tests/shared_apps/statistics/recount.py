"""The figures of adoption by another way: rows of the official file and pairs, no database."""

from collections.abc import Iterable
from datetime import date
from typing import Any

DEPARTMENTS = ("11", "30", "34", "48", "66")


def recounted(rows: list[dict[str, str]], pairs: Iterable[tuple[str, date]], day: date) -> dict[str, Any]:
    joined = {uai for uai, since in pairs if since <= day}
    return {
        "academie": _part(rows, joined),
        "departements": {
            code: _part([row for row in rows if row["code_departement"] == code], joined) for code in DEPARTMENTS
        },
    }


def _part(rows: list[dict[str, str]], joined: set[str]) -> dict[str, Any]:
    public = [row for row in rows if row["secteur"] == "public"]
    inside = [row for row in public if row["uai"] in joined]
    communes, communes_in = {row["code_insee"] for row in public}, {row["code_insee"] for row in inside}
    return {
        "communes_joined": len(communes_in),
        "communes_with_public_school": len(communes),
        "communes_rate": round(100 * len(communes_in) / len(communes), 1) if communes else None,
        "public_schools_joined": len(inside),
        "public_schools": len(public),
        "public_schools_rate": round(100 * len(inside) / len(public), 1) if public else None,
        "pupils": sum(int(row["nombre_eleves"] or 0) for row in inside),
    }
