"""From the bytes of a file to its rows: encoding, separator, headers. A doubt stops the import; nothing is guessed."""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.text import fold

MAX_BYTES = 5 * 1024 * 1024
MAX_LINES = 20_000
# Letters that ISO-8859-15 puts where Windows-1252 has fractions and lone accents, which no name holds.
LATIN9_LETTERS = frozenset(b"\xa4\xa6\xa8\xb4\xb8\xbc\xbd\xbe")
# UTF-8 that was once read as Windows-1252 and saved so: « Ã© » for « é ».
GARBLED = re.compile("Ã[\u0080-\u00bf€ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ]|Â[\u00a0-\u00bf]")


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
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    try:
        headers, rows = _header_and_rows(reader)
    except csv.Error as error:
        raise _refused(_("ses guillemets ne se ferment pas")) from error
    if len(rows) > MAX_LINES:
        raise _refused(_("il a plus de %(count)s lignes") % {"count": MAX_LINES})
    return Table(headers, [clean_key(header) for header in headers], rows)


def decode(data: bytes) -> str:
    """UTF-8 (with or without BOM), Windows-1252 or ISO-8859-15, in composed form (NFC)."""
    if len(data) > MAX_BYTES:
        raise _refused(_("il dépasse 5 Mo"))
    if not data.strip():
        raise _refused(_("il est vide"))
    if data.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")) or b"\0" in data:
        raise _refused(_("ce n’est pas un fichier texte (CSV)"))
    text = unicodedata.normalize("NFC", _decoded(data))
    if GARBLED.search(text) or any(unicodedata.category(c) in {"Cc", "Co", "Cn"} for c in set(text) - set("\r\n\t")):
        raise _refused(_("ses accents sont abîmés, refaites l’export depuis ONDE sans l’ouvrir dans un tableur"))
    return text


def clean_key(header: str) -> str:
    """« Nom d’usage élève », «  Cycle » : case, accents, spaces and both apostrophes don't count."""
    return re.sub(r"[^a-z0-9]", "", fold(header))


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    present = set(data)
    is_1252 = any(0x80 <= byte <= 0x9F for byte in present)
    is_latin9 = bool(present & LATIN9_LETTERS)
    if is_1252 and is_latin9:
        raise _refused(_("son encodage est douteux, refaites l’export depuis ONDE"))
    try:
        return data.decode("iso-8859-15" if is_latin9 else "cp1252")
    except UnicodeDecodeError:
        raise _refused(_("son encodage est douteux, refaites l’export depuis ONDE")) from None


def _header_and_rows(reader: "csv.reader") -> tuple[list[str], list[Row]]:
    headers: list[str] = []
    rows: list[Row] = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if not headers:
            headers = cells
        else:
            rows.append(Row(reader.line_num, cells))
    return headers, rows


def _refused(why: str) -> DomainError:
    message = _("Ce fichier ne peut pas être lu : %(why)s. Rien n’a été modifié.") % {"why": why}
    return DomainError(message, code="unreadable")
