"""The official open-data layouts, read line by line. A wrong line is said in French with its number.

Columns that our own hand-written files leave out take their default; those of `required` must be there.
"""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.text import sort_key
from shared_apps.reference.models import CalendarDay, RefSchool
from shared_apps.reference.uai import is_uai

Row = dict[str, str]
Values = dict[str, Any]

SCHOOL_KINDS = {
    "maternelle": RefSchool.Kind.NURSERY,
    "elementaire": RefSchool.Kind.ELEMENTARY,
    "primaire": RefSchool.Kind.PRIMARY,
    "specialisee": RefSchool.Kind.SPECIAL,
}
SECTORS = {"public": RefSchool.Sector.PUBLIC, "prive": RefSchool.Sector.PRIVATE}
CALENDAR_KINDS = {
    "rentree": CalendarDay.Kind.SCHOOL_START,
    "vacances": CalendarDay.Kind.SCHOOL_BREAK,
    "pont": CalendarDay.Kind.BRIDGE_DAY,
    "ferie": CalendarDay.Kind.PUBLIC_HOLIDAY,
}
_DISTRICT_PREFIX = re.compile(r"^\w+ d.inspection du 1er degré(?: -)?(?: de | du | d['’]| )", re.IGNORECASE)


class BadValueError(ValueError):
    """What is wrong with one cell, in French."""


@dataclass(frozen=True, slots=True)
class Layout:
    required: tuple[str, ...]
    parse: Callable[[Row], Values]


@dataclass(slots=True)
class Reading:
    """What a file says: values by key, and its wrong lines."""

    rows: dict[Any, Values] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def read(path: Path, layout: Layout, key: Callable[[Values], Any]) -> Reading:
    reading = Reading()
    try:
        with path.open(encoding="utf-8", newline="") as file:
            _read_rows(csv.DictReader(file, strict=True), layout, key, reading)
    except FileNotFoundError:
        reading.errors.append(_("Le fichier %(name)s n’existe pas.") % {"name": path.name})
    except UnicodeDecodeError:
        reading.errors.append(_("Le fichier %(name)s n’est pas en UTF-8.") % {"name": path.name})
    except csv.Error as error:
        reading.errors.append(
            _("Le fichier %(name)s n’est pas un CSV lisible : %(why)s") % {"name": path.name, "why": error}
        )
    return reading


def _read_rows(rows: "csv.DictReader[str]", layout: Layout, key: Any, reading: Reading) -> None:
    missing = [name for name in layout.required if name not in (rows.fieldnames or ())]
    if missing:
        reading.errors.append(
            _("Ce n’est pas le fichier attendu : la colonne « %(name)s » manque.") % {"name": missing[0]}
        )
        return
    for row in rows:
        for message in _read_row(row, layout, key, reading):
            reading.errors.append(_("Ligne %(line)d : %(message)s") % {"line": rows.line_num, "message": message})


def _read_row(row: Row, layout: Layout, key: Any, reading: Reading) -> Iterator[str]:
    if None in row or None in row.values():
        yield _("le nombre de colonnes n’est pas celui de l’en-tête.")
        return
    try:
        values = layout.parse({name: cell.strip() for name, cell in row.items()})
    except BadValueError as error:
        yield str(error)
        return
    if key(values) in reading.rows:
        yield _("« %(key)s » est déjà dans le fichier.") % {"key": " ".join(key(values))}
        return
    reading.rows[key(values)] = values


# --- cells


def _whole(row: Row, column: str) -> int:
    text = row.get(column, "")
    if not text.isascii() or not text.isdigit():
        raise BadValueError(
            _("« %(column)s » doit être un nombre, pas « %(value)s ».") % {"column": column, "value": text}
        )
    return int(text)


def _degrees(row: Row, column: str) -> float | None:
    text = row.get(column, "")
    try:
        degrees = float(text) if text else None
    except ValueError:
        degrees = 1000.0
    if degrees is not None and not -180 <= degrees <= 180:
        raise BadValueError(
            _("« %(column)s » doit être en degrés, pas « %(value)s ».") % {"column": column, "value": text}
        )
    return degrees


def _day(row: Row, column: str) -> date | None:
    text = row.get(column, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadValueError(
            _("« %(column)s » doit être une date AAAA-MM-JJ, pas « %(value)s ».") % {"column": column, "value": text}
        ) from None


def _text(row: Row, column: str) -> str:
    text = row.get(column, "")
    if not text:
        raise BadValueError(_("« %(column)s » est vide.") % {"column": column})
    return text


def _one_of(row: Row, column: str, words: dict[str, Any]) -> Any:
    if row[column] not in words:
        raise BadValueError(
            _("« %(column)s » vaut « %(value)s » ; attendu : %(words)s.")
            % {"column": column, "value": row[column], "words": ", ".join(words)}
        )
    return words[row[column]]


def _uai(row: Row, column: str = "uai") -> str:
    if not is_uai(row[column]):
        raise BadValueError(
            _("« %(value)s » n’est pas un numéro UAI : la lettre finale ne correspond pas.") % {"value": row[column]}
        )
    return row[column]


def _insee(row: Row) -> str:
    if not re.fullmatch(r"[0-9][0-9AB][0-9]{3}", row["code_insee"]):
        raise BadValueError(_("« %(value)s » n’est pas un code INSEE.") % {"value": row["code_insee"]})
    return row["code_insee"]


def tidy(name: str) -> str:
    """« Ecole primaire d'Anglars » as a screen writes it: « École primaire d’Anglars »."""
    return re.sub(r"\bEcole\b", "École", name).replace("'", "’")


# --- lines


def _commune(row: Row) -> Values:
    name = tidy(_text(row, "nom"))
    return {
        "insee": _insee(row),
        "name": name,
        "sort_name": sort_key(name),
        "department_code": _text(row, "code_departement"),
        "department": _text(row, "departement"),
        "postal_codes": row["codes_postaux"],
        "population": _whole(row, "population"),
        "epci_code": row.get("code_epci", ""),
        "epci_name": row.get("nom_epci", ""),
        "epci_type": row.get("type_epci", ""),
        "siren": row.get("siren", ""),
    }


def _district(row: Row) -> Values:
    name = tidy(_text(row, "nom"))
    return {
        "uai": _uai(row),
        "name": name,
        "short_name": _DISTRICT_PREFIX.sub("", name),
        "department_code": _text(row, "code_departement"),
        "address": row.get("adresse", ""),
        "postal_code": row.get("code_postal", ""),
        "town": row.get("commune", ""),
    }


def _school(row: Row) -> Values:
    name = tidy(_text(row, "nom"))
    return {
        "uai": _uai(row),
        "name": name,
        "sort_name": sort_key(name),
        "kind": _one_of(row, "type", SCHOOL_KINDS),
        "sector": _one_of(row, "secteur", SECTORS),
        "contract": row.get("contrat", ""),
        "commune_id": _insee(row),
        "address": row.get("adresse", ""),
        "address_extra": row.get("complement_adresse", ""),
        "postal_code": row.get("code_postal", ""),
        "district_id": _uai(row, "uai_circonscription") if row.get("uai_circonscription") else None,
        "pupils": _whole(row, "nombre_eleves") if row.get("nombre_eleves") else None,
        "has_ulis": row.get("ulis") == "1",
        "priority_education": row.get("education_prioritaire", ""),
        "is_grouped": row.get("rpi_concentre") == "1",
        "grouping_code": row.get("rpi_disperse", ""),
        "siret": row.get("siret", ""),
        "opened_on": _day(row, "date_ouverture"),
        "latitude": _degrees(row, "latitude"),
        "longitude": _degrees(row, "longitude"),
    }


def _calendar_day(row: Row) -> Values:
    starts_on, ends_on = _day(row, "debut"), _day(row, "fin")
    if starts_on is None or ends_on is None or ends_on < starts_on:
        raise BadValueError(_("le dernier jour doit suivre le premier."))
    return {
        "zone": "C",
        "school_year": _text(row, "annee_scolaire"),
        "kind": _one_of(row, "type", CALENDAR_KINDS),
        "label": _text(row, "libelle").replace("'", "’"),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "resumes_on": _day(row, "reprise"),
        "source": row.get("source", ""),
    }


COMMUNES = Layout(("code_insee", "nom", "code_departement", "departement", "codes_postaux", "population"), _commune)
DISTRICTS = Layout(("uai", "nom", "code_departement"), _district)
SCHOOLS = Layout(("uai", "nom", "type", "secteur", "code_insee"), _school)
CALENDAR = Layout(("annee_scolaire", "type", "libelle", "debut", "fin"), _calendar_day)
