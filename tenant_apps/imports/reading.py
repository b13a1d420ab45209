"""From the bytes of a file to its rows: size, separator, headers. What can’t be read stops here, with a reason."""

import csv
import io
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.text import fold
from core.words import figure
from tenant_apps.imports.encodings import DoubtfulText, decoded

MAX_BYTES = 5 * 1024 * 1024
MAX_LINES = 20_000
# How files that are no text begin.
SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf")  # xlsx, xls…


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


def read(data: bytes) -> Table:
    """Raises DomainError, in French, when this can't be a CSV file of ONDE."""
    text = decode(data)
    headers, rows = _header_and_rows(text)
    if len(headers) == 1:
        raise _refused(_one_column(headers[0]))
    if not rows:
        raise _refused(_("il n’a aucune ligne sous ses titres"))
    return Table(headers, [clean_key(header) for header in headers], rows)


def decode(data: bytes) -> str:
    """Raises DomainError for what is empty, too big, no text, or of a doubtful encoding."""
    if len(data) > MAX_BYTES:
        raise too_big()
    if not data.strip():
        raise _refused(_("il est vide"))
    if any(data.startswith(signature) for signature in SIGNATURES):
        raise _refused(_("c’est un tableur, un PDF ou une image, et non le fichier CSV que donne ONDE"))
    if b"\0" in data or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refused(_("ce n’est pas un fichier texte (CSV) tel qu’ONDE le donne"))
    try:
        return decoded(data)
    except DoubtfulText as doubt:
        raise _refused(
            _("ses accents sont abîmés ou son encodage est douteux ; refaites l’export, sans ouvrir le fichier")
        ) from doubt


def too_big() -> DomainError:
    return _refused(_("il dépasse 5 Mo"))


def clean_key(header: str) -> str:
    """« Nom d’usage élève », «  Cycle » : case, accents, spaces and both apostrophes don't count."""
    return re.sub(r"[^a-z0-9]", "", fold(header))


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
                    raise _refused(_("il a plus de %(count)s lignes") % {"count": figure(MAX_LINES)})
                else:
                    rows.append(Row(first, cells))
            first = reader.line_num + 1
    except csv.Error as error:
        raise _refused(_("un guillemet ne se ferme pas, vers la ligne %(number)s") % {"number": first}) from error
    return headers, rows


def _one_column(header: str) -> str:
    if header.count(",") > 2 or header.count("\t") > 2:
        return _("ses colonnes ne sont pas séparées par des points-virgules")
    return _("ce n’est pas un tableau à points-virgules")


def _refused(why: str) -> DomainError:
    message = _("Ce fichier ne peut pas être lu : %(why)s. Rien n’a été modifié.") % {"why": why}
    return DomainError(message, code="unreadable")
