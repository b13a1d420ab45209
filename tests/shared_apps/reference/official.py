"""The académie's official files, where the folder is there; else a set of the same shape, made here."""

import csv
import os
import random
from pathlib import Path

from shared_apps.reference.loading import SHIPPED
from shared_apps.reference.uai import check_letter

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(os.environ.get("ENT_REFERENCE_DIR") or ROOT.parent / "shared" / "data")
SCHOOLS = "ecoles-academie-montpellier.csv"
DISTRICTS = "circonscriptions-academie-montpellier.csv"
KINDS = ("maternelle", "elementaire", "primaire")


def is_there() -> bool:
    return (FOLDER / SCHOOLS).is_file() and (FOLDER / DISTRICTS).is_file()


def folder(tmp_path: Path) -> Path:
    """A folder that holds both files: the official one, or one of generated schools."""
    if is_there():
        return FOLDER
    _write(tmp_path / DISTRICTS, _districts())
    _write(tmp_path / SCHOOLS, _schools())
    return tmp_path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, found: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)


def _uai(department: str, number: int) -> str:
    digits = f"0{department}{number:04}"
    return digits + check_letter(digits)


def _districts() -> list[dict[str, str]]:
    name = "Circonscription d'inspection du 1er degré de {} {}"
    shipped = [
        {name: row[name] for name in ("uai", "nom", "code_departement")}
        for row in rows(SHIPPED / "circonscriptions.csv")
    ]
    return shipped + [
        {"uai": _uai(code, n), "nom": name.format(code, n), "code_departement": code}
        for code in ("11", "30", "34", "48", "66")
        for n in range(1, 12)
    ]


def _schools() -> list[dict[str, str]]:
    """2,067 schools, of which 215 private, over a part of the communes."""
    dice = random.Random(11)
    communes = dice.sample(rows(SHIPPED / "communes.csv"), 964)
    places = communes + dice.choices(communes, k=2067 - len(communes))
    return [
        {
            "uai": _uai(commune["code_departement"], 1000 + n),
            "nom": f"Ecole n° {n}",
            "type": dice.choice(KINDS),
            "secteur": "prive" if n >= 2067 - 215 else "public",
            "code_insee": commune["code_insee"],
            "code_departement": commune["code_departement"],
            "uai_circonscription": _uai(commune["code_departement"], dice.randint(1, 11)),
            "nombre_eleves": str(dice.randint(12, 300)),
        }
        for n, commune in enumerate(places)
    ]
