"""The public schools of a file of the open data, and the ONDE files of a town."""

from collections import defaultdict
from pathlib import Path
from typing import Any

NARBONNE = "11262"


def write_files(folder: Path, schools: list[Any]) -> None:
    from tenant_apps.imports.towns import make_town

    for uai, files in make_town(schools).items():
        (folder / f"{uai}-eleves.csv").write_bytes(files.pupils)
        (folder / f"{uai}-responsables.csv").write_bytes(files.guardians)


def schools_of(path: Path) -> dict[str, list[Any]]:
    """INSEE → public schools with pupils."""
    from tenant_apps.imports.towns import GRADES, TownSchool
    from tests.shared_apps.reference import official

    found: dict[str, list[Any]] = defaultdict(list)
    for row in official.rows(path):
        count = int(row["nombre_eleves"] or 0)
        if row["secteur"] == "public" and row["type"] in GRADES and count:
            found[row["code_insee"]].append(TownSchool(row["uai"], row["type"], count))
    return found
