"""From the bytes of a file to its rows: size, separator, headers. What can’t be read stops here, with a reason."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from core.encodings import DoubtfulText, decoded
from core.errors import DomainError
from core.words import figure
from shared_apps.layouts.shapes import clean_key
from tenant_apps.imports import spreadsheets
from tenant_apps.imports.errors import Unreadable

MAX_BYTES = 5 * 1024 * 1024
MAX_LINES = 20_000
MAX_CELL = 5_000  # signs: no name, no address, no label comes near
MAX_COLUMNS = 400
# How files that are no text begin.
SIGNATURES = (b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"GIF8")
OLE = b"\xd0\xcf\x11\xe0"  # an .xls, or an .xlsx with a password
MARKUP = ("<!doctype", "<html", "<?xml", "<table", "<meta")


@dataclass(frozen=True, slots=True)
class Row:
    number: int  # of the line in the file, the header being 1
    cells: list[str]

    def cell(self, position: int | None) -> str:
        """Lines may be shorter than the header: what is missing is empty."""
        if position is None or position >= len(self.cells):
            return ""
        return self.cells[position].strip()


@dataclass(frozen=True, slots=True)
class Table:
    headers: list[str]  # as written
    keys: list[str]  # as matched
    rows: list[Row]

    def position(self, *names: str) -> int | None:
        return next((self.keys.index(name) for name in names if name in self.keys), None)

    def renamed(self, keys: Mapping[str, str]) -> "Table":
        """As if the headers on the left were written as those on the right: what a person associated."""
        return replace(self, keys=[keys.get(key, key) for key in self.keys])


def read(data: bytes) -> Table:
    """Raises DomainError, in French, when this can't be a table: CSV as ONDE gives, or the same in XLSX."""
    _check_bytes(data)
    if spreadsheets.is_workbook(data):
        headers, rows = _first_and_others(spreadsheets.rows(data, most=MAX_LINES))
    else:
        headers, rows = _header_and_rows(decode(data))
        if len(headers) == 1:
            raise Unreadable(_one_column(headers[0]))
    if not rows:
        raise Unreadable(_("il n’a aucune ligne sous ses titres"))
    keys = [clean_key(header) for header in headers]
    _check_shape(keys, rows)
    return Table(headers, keys, rows)


def _first_and_others(rows: list[tuple[int, list[str]]]) -> tuple[list[str], list[Row]]:
    if not rows:
        raise Unreadable(_("il est vide"))
    return rows[0][1], [Row(number, cells) for number, cells in rows[1:]]


def _check_shape(keys: list[str], rows: list[Row]) -> None:
    if len(keys) > MAX_COLUMNS:
        raise Unreadable(_("il a plus de %(count)s colonnes") % {"count": MAX_COLUMNS})
    if any(len(cell) > MAX_CELL for row in rows for cell in row.cells):
        raise Unreadable(_("une case contient un texte démesuré"))
    again = next((row.number for row in rows if _is_header(row, keys)), None)
    if again is not None:
        number = {"number": again}
        raise Unreadable(_("ses titres reviennent à la ligne %(number)s : ce sont deux fichiers bout à bout") % number)


def _is_header(row: Row, keys: list[str]) -> bool:
    """The first cell tells nearly all of them apart."""
    return len(row.cells) == len(keys) and all(
        clean_key(cell) == key for cell, key in zip(row.cells, keys, strict=True)
    )


def decode(data: bytes) -> str:
    """Raises DomainError for what is empty, too big, no text, or of a doubtful encoding."""
    _check_bytes(data)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(_("ce n’est pas un fichier texte (CSV) en UTF-8 ou Windows : il est en UTF-16"))
    if any(data.startswith(signature) for signature in SIGNATURES):
        raise Unreadable(_("c’est un tableur, un PDF ou une image, et non le fichier CSV que donne ONDE"))
    if b"\0" in data:
        raise Unreadable(_("ce n’est pas un fichier texte (CSV) tel qu’ONDE le donne"))
    try:
        text = decoded(data)
    except DoubtfulText as doubt:
        raise Unreadable(
            _("ses accents sont abîmés ou son encodage est douteux ; refaites l’export, sans ouvrir le fichier")
        ) from doubt
    if text.lstrip()[:200].lower().startswith(MARKUP):
        raise Unreadable(_("c’est une page web ou du XML, et non un tableau : refaites l’export"))
    return text


def _check_bytes(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise too_big()
    if not data.strip():
        raise Unreadable(_("il est vide"))
    if data.startswith(OLE):
        raise Unreadable(
            _("c’est un tableur ancien (.xls) ou protégé par un mot de passe : enregistrez-le en .xlsx, libre")
        )


def too_big() -> DomainError:
    return Unreadable(_("il dépasse 5 Mo"))


def _header_and_rows(text: str) -> tuple[list[str], list[Row]]:
    """Strict: a quote that never closes would swallow the lines below it without a word."""
    headers: list[str] = []
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    first = 1  # line of the file where the current row begins: a quoted cell may hold several
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if not headers:
                    headers = cells
                elif len(rows) == MAX_LINES:
                    raise Unreadable(_("il a plus de %(count)s lignes") % {"count": figure(MAX_LINES)})
                else:
                    rows.append(Row(first, cells))
            first = reader.line_num + 1
    except csv.Error as error:
        if "field larger" in str(error):
            number = {"number": first}
            raise Unreadable(_("une case contient un texte démesuré, vers la ligne %(number)s") % number) from error
        raise Unreadable(_("un guillemet ne se ferme pas, vers la ligne %(number)s") % {"number": first}) from error
    return headers, rows


def _one_column(header: str) -> str:
    if header.count(",") > 2 or header.count("\t") > 2:
        return _("ses colonnes ne sont pas séparées par des points-virgules")
    return _("ce n’est pas un tableau à points-virgules")
