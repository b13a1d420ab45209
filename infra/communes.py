"""Makes the communes file that ships with the project, from the npm package `@etalab/decoupage-administratif`.

    python infra/communes.py [--version 6.0.0]

Once a year, in April, when the package's next major version comes out (one per « millésime » of the INSEE). npm must be
on the PATH; nothing is run from the package, only its JSON is read.
Data: « INSEE, DGCL, La Poste – etalab/decoupage-administratif – Licence Ouverte ».
"""

import argparse
import csv
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

PACKAGE = "@etalab/decoupage-administratif"
VERSION = "6.0.0"
DEPARTMENTS = ("11", "30", "34", "48", "66")  # académie de Montpellier
TARGET = Path(__file__).resolve().parents[1] / "shared_apps/reference/data/communes.csv"
COLUMNS = (
    "code_insee",
    "nom",
    "code_departement",
    "departement",
    "codes_postaux",
    "population",
    "code_epci",
    "nom_epci",
    "type_epci",
    "siren",
)


def fetch(version: str, folder: Path) -> dict[str, Any]:
    """The JSON tables of the package, by name."""
    command = ["npm", "pack", f"{PACKAGE}@{version}", "--silent", "--ignore-scripts", "--pack-destination", folder]
    archive = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]
    with tarfile.open(folder / archive) as tar:
        return {name: _table(tar, name) for name in ("communes", "departements", "epci")}


def _table(tar: tarfile.TarFile, name: str) -> Any:
    member = tar.extractfile(f"package/data/{name}.json")
    if member is None:
        raise SystemExit(f"The package has no {name}.json: its layout has changed.")
    return json.load(member)


def rows(tables: dict[str, Any]) -> list[tuple[Any, ...]]:
    departments = {row["code"]: row["nom"] for row in tables["departements"]}
    groups = {member["code"]: group for group in tables["epci"] for member in group["membres"]}
    found = []
    for commune in tables["communes"]:
        if commune["type"] != "commune-actuelle" or commune["departement"] not in DEPARTMENTS:
            continue
        group = groups.get(commune["code"], {})
        found.append(
            (
                commune["code"],
                commune["nom"],
                commune["departement"],
                departments[commune["departement"]],
                " ".join(commune["codesPostaux"]),
                commune["population"],
                group.get("code", ""),
                group.get("nom", ""),
                group.get("type", ""),
                commune["siren"],
            )
        )
    return sorted(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", default=VERSION)
    version = parser.parse_args().version
    with tempfile.TemporaryDirectory() as folder:
        found = rows(fetch(version, Path(folder)))
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(found)
    print(f"{TARGET.name}: {len(found)} communes (millésime of {PACKAGE} {version})")


if __name__ == "__main__":
    main()
