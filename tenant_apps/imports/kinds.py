"""What each kind of file holds: a class by kind, in a table. A new layout is a new mapping, not new code."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from tenant_apps.imports import values
from tenant_apps.imports.models import ImportPlan
from tenant_apps.imports.reading import Row, Table
from tenant_apps.imports.values import BadValue, Dropped


@dataclass(frozen=True, slots=True)
class Column:
    field: str
    label: str  # as ONDE writes it, for the messages
    keys: tuple[str, ...]  # as matched: `reading.clean_key`
    read: Callable[[str], Any]
    is_required: bool = False  # the column must be in the file


CLASS_KEYS = ("libelleclasse", "classe", "classeouregroupement")
# ONDE since 2017 (22 columns) and BE1D before (20): two names for the same things.
PUPIL_COLUMNS = (
    Column("birth_name", "Nom élève", ("nomeleve", "nomdefamilleeleve"), values.required_name, True),
    Column("usage_name", "Nom d’usage élève", ("nomdusageeleve",), values.name),
    Column("first_name", "Prénom élève", ("prenomeleve",), values.required_name, True),
    Column("birth_date", "Date naissance", ("datenaissance", "nele"), values.birth_date, True),
    Column("sex", "Sexe", ("sexe",), values.sex),
    Column("ine", "INE", ("ine",), values.ine),
    Column("address", "Adresse1", ("adresse1",), values.plain(200)),
    Column("postal_code", "Cp1", ("cp1",), values.plain(10)),
    Column("city", "Commune1", ("commune1",), values.place),
    Column("grade", "Niveau", ("niveau",), values.grade, True),
    Column("class_label", "Libellé classe", CLASS_KEYS, values.class_label, True),
    Column("onde_id", "Identifiant classe", ("identifiantclasse",), values.plain(20)),
    Column("has_insurance", "Attestation fournie", ("attestationfournie",), values.yes_no),
    Column("has_photo_consent", "Autorisation photo", ("autorisationphoto", "autorisationsphotos"), values.yes_no),
)
GUARDIAN_COLUMNS = (
    Column("civility", "Civilité Responsable", ("civiliteresponsable",), values.civility),
    Column("usage_name", "Nom usage responsable", ("nomusageresponsable", "nomdusageresponsable"), values.name),
    Column("birth_name", "Nom responsable", ("nomresponsable",), values.required_name, True),
    Column("first_name", "Prénom responsable", ("prenomresponsable",), values.adult_first_name, True),
    Column("address", "Adresse responsable", ("adresseresponsable",), values.plain(200)),
    Column("postal_code", "CP responsable", ("cpresponsable",), values.plain(10)),
    Column("city", "Commune responsable", ("communeresponsable",), values.place),
    Column("email", "Courriel", ("courriel",), values.email),
    Column("home_phone", "Téléphone domicile", ("telephonedomicile",), values.phone),
    Column("phone", "Téléphone portable", ("telephoneportable",), values.phone),
)
CHILD_NAME = ("nomdefamilleenfant", "nomenfant", "nomdefamilleeleve")
COLUMNS = {ImportPlan.Kind.ONDE_PUPILS: PUPIL_COLUMNS, ImportPlan.Kind.ONDE_GUARDIANS: GUARDIAN_COLUMNS}


@dataclass(frozen=True, slots=True)
class Parsed:
    """A line as it could be read: with why it can't be used (`is_bad`), or what was left out of it."""

    number: int
    data: dict[str, Any]
    is_bad: bool = False
    column: str = ""
    reason: str = ""


def recognise(table: Table) -> str:
    """By the headers: directors rename the files. Raises DomainError naming the column that lacks."""
    kind = ImportPlan.Kind.ONDE_PUPILS
    if any(key in table.keys for key in ("nomresponsable", "civiliteresponsable", "prenomresponsable")):
        kind = ImportPlan.Kind.ONDE_GUARDIANS
    for column in COLUMNS[kind]:
        if column.is_required and table.position(*column.keys) is None:
            raise _not_onde(column.label)
    if kind == ImportPlan.Kind.ONDE_GUARDIANS and table.position(*CHILD_NAME) is None:
        raise _not_onde("Nom de famille enfant")
    return kind


def _not_onde(label: str) -> DomainError:
    return DomainError(
        _("Ce fichier n’est pas un export ONDE : la colonne “%(label)s” manque. Rien n’a été modifié.")
        % {"label": label},
        code="not_onde",
    )


def parse(table: Table, kind: str) -> list[Parsed]:
    columns = [(column, table.position(*column.keys)) for column in COLUMNS[ImportPlan.Kind(kind)]]
    groups = child_groups(table) if kind == ImportPlan.Kind.ONDE_GUARDIANS else None
    return [_parse_row(row, columns, groups) for row in table.rows]


def _parse_row(row: Row, columns: list[tuple[Column, int | None]], groups: list[dict[str, int]] | None) -> Parsed:
    """All the columns, even after a bad one: what could be read still tells whom the line speaks of."""
    data: dict[str, Any] = {}
    bad: list[tuple[str, str]] = []
    dropped: list[tuple[str, str]] = []
    for column, position in columns:
        try:
            data[column.field] = column.read(row.cell(position))
        except (BadValue, Dropped) as problem:
            data[column.field] = "" if column.field != "birth_date" else None
            (bad if isinstance(problem, BadValue) else dropped).append((column.label, str(problem)))
    if groups is not None:
        data["children"] = _children(row, groups)
    label, reason = (bad or dropped or [("", "")])[0]
    return Parsed(row.number, data, bool(bad), label, reason)


def child_groups(table: Table) -> list[dict[str, int]]:
    """The columns of a child repeat to the right, same names: they are read by position, a group a child."""
    groups: list[dict[str, int]] = []
    names = {"nomdusageenfant": "usage_name", "prenomenfant": "first_name", "classesenfants": "class_label"}
    names |= dict.fromkeys(CHILD_NAME, "birth_name")
    for position, key in enumerate(table.keys):
        field = names.get(key)
        if field is None:
            continue
        if not groups or field in groups[-1]:
            groups.append({})
        groups[-1][field] = position
    return groups


def _children(row: Row, groups: list[dict[str, int]]) -> list[dict[str, str]]:
    found = []
    for group in groups:
        child = {field: values.squeezed(row.cell(at).replace("'", "’")) for field, at in group.items()}
        if child.get("birth_name") or child.get("usage_name") or child.get("first_name"):
            found.append(child)
    return found
