"""Workbooks and lists of staff, written for the tests."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

TEACHER_HEADERS = (
    "Civilité;Nom usage;Nom;Prénom;Adresse;CP;Commune;Pays;Courriel;Téléphone domicile;Téléphone portable;"
    "Directeur;Classe"
)
VIDAL = {
    "Civilité": "MME",
    "Nom": "VIDAL",
    "Prénom": "Claire",
    "Courriel": "claire.vidal@example.org",
    "Directeur": "non",
    "Classe": "CE2 Mme Vidal",
}
TOWN_HEADERS = "Civilité;Nom;Prénom;Service;École;Courriel;Téléphone;Depuis le;Jusqu’au"
AGENT = {
    "Civilité": "Mme",
    "Nom": "PUJOL",
    "Prénom": "Sylvie",
    "Service": "ATSEM",
    "École": "Lakanal",
    "Courriel": "s.pujol@example.org",
}


def workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def as_workbook(data: bytes, encoding: str = "iso-8859-1") -> bytes:
    """The same table as a CSV file, in XLSX."""
    return workbook([line.split(";") for line in data.decode(encoding).splitlines()])


def table(headers: str, *rows: dict[str, str], encoding: str = "utf-8") -> bytes:
    lines = [headers, *(";".join(row.get(name, "") for name in headers.split(";")) for row in rows), ""]
    return "\r\n".join(lines).encode(encoding)


def teachers(*rows: dict[str, str]) -> bytes:
    return table(TEACHER_HEADERS, *rows)


def town(*rows: dict[str, str]) -> bytes:
    return table(TOWN_HEADERS, *rows)
