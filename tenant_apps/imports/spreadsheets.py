"""A workbook as rows of text. It is a ZIP of XML that anybody may have made: measured before anything is parsed."""

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from core.archives import BROKEN_ZIP
from core.words import figure
from tenant_apps.imports.errors import Unreadable

MAX_PARTS = 200
MAX_UNPACKED = 60 * 1024 * 1024
BLANKS = 1_000  # empty rows allowed among the others: a sheet may declare ten millions of them
CHUNK = 256 * 1024
MARKS = (b"<!DOCTYPE", b"<!ENTITY", b"<!doctype", b"<!entity")  # no workbook has any


def is_workbook(data: bytes) -> bool:
    """A ZIP that holds a workbook, whatever its name says."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError):
        return False


def rows(data: bytes, *, most: int) -> list[tuple[int, list[str]]]:
    """(number, cells) of the rows of the first sheet that are not empty, the headers being one. Raises Unreadable."""
    _measure(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what it declares of its size proves nothing
        return _filled(sheet, most)
    except Unreadable:
        raise
    except Exception as broken:  # openpyxl raises whatever its parts stumble upon
        raise Unreadable(_("ce tableur est abîmé : enregistrez-le de nouveau, ou choisissez le CSV")) from broken


def _measure(data: bytes) -> None:
    """By unpacking it piece by piece, for the sizes that it declares prove nothing."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if len(parts) > MAX_PARTS:
                raise Unreadable(_("ce tableur contient trop de parties"))
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise Unreadable(_("ce tableur contient des macros : enregistrez-le en .xlsx, ou choisissez le CSV"))
            left = MAX_UNPACKED
            for part in parts:
                left = _unpacked(archive, part, left)
    except (*BROKEN_ZIP, ValueError) as broken:
        raise Unreadable(_("ce tableur est abîmé : enregistrez-le de nouveau, ou choisissez le CSV")) from broken


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """What remains of the room once this part is unpacked."""
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise Unreadable(_("ce tableur, une fois décompressé, est démesuré"))
            if part.filename.endswith((".xml", ".rels")) and _is_suspect(tail + chunk):
                raise Unreadable(_("ce tableur contient des déclarations XML interdites"))
            tail = chunk[-16:]
    return left


def _is_suspect(text: bytes) -> bool:
    return any(mark in text for mark in MARKS) or text.startswith((b"\xff\xfe", b"\xfe\xff"))


def _filled(sheet: Any, most: int) -> list[tuple[int, list[str]]]:
    found: list[tuple[int, list[str]]] = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number > most + BLANKS:
            raise Unreadable(_("il a plus de %(count)s lignes") % {"count": figure(most)})
        texts = [_text(cell) for cell in cells]
        if any(texts):
            found.append((number, texts))
    return found


def _text(cell: Any) -> str:
    value = cell.value
    if cell.data_type == "f" or (isinstance(value, str) and value.startswith("=")):
        raise Unreadable(
            _("la case %(cell)s contient une formule : collez les valeurs seules") % {"cell": cell.coordinate}
        )
    if value is None or isinstance(value, time):
        return ""
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()
