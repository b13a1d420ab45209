"""Files that are not what they should be: name → (content, what the person is told). Each is of our own making."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from tenant_apps.imports.samples import PUPIL_HEADERS
from tests.tenant_apps.imports import books, directory, files
from tests.tenant_apps.imports.directory import INES, record

PUPILS = files.pupils(files.INES)
TEXT = PUPILS.decode("iso-8859-1")
HEADERS, LINE = PUPIL_HEADERS.encode("iso-8859-1"), TEXT.splitlines()[1].encode("iso-8859-1")
BOOK = books.as_workbook(PUPILS)
FEED = directory.page(record("EtabEducNat", directory.SCHOOL), record("Eleve", INES))
ATTACK = "file:///etc/passwd"
SHEET = "xl/worksheets/sheet1.xml"


def zipped(parts: Mapping[str, bytes]) -> bytes:
    return directory.archive(parts)


def repacked(book: bytes, **changes: Callable[[bytes], bytes]) -> bytes:
    """The workbook with some of its parts changed: `sheet` or `book`."""
    names = {SHEET: "sheet", "xl/workbook.xml": "book"}
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    return zipped({n: changes[names[n]](d) if names.get(n) in changes else d for n, d in parts.items()})


def with_part(book: bytes, name: str, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        parts = {part: packed.read(part) for part in packed.namelist()}
    return zipped(parts | {name: content})


def ten_million_rows(sheet: bytes) -> bytes:
    """Declared, and one of them written very far down."""
    sheet = sheet.replace(b"<sheetData>", b'<dimension ref="A1:V10000000"/><sheetData>', 1)
    return sheet.replace(b'<row r="2"', b'<row r="10000000"').replace(b'2" t="', b'10000000" t="')


def lying_archive(name: str, content: bytes) -> bytes:
    """An archive that declares a part of ten bytes, and holds many more."""
    packed = bytearray(zipped({name: content}))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = packed.index(mark) + at
        packed[start : start + 4] = struct.pack("<I", 10)
    return bytes(packed)


def locked_archive(name: str, content: bytes) -> bytes:
    """As if a password were asked for."""
    packed = bytearray(zipped({name: content}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(mark) + at] |= 1
    return bytes(packed)


def damaged_archive(packed: bytes, name: str) -> bytes:
    """The archive, a part of which no longer unpacks: its first bytes are of no method."""
    start = packed.index(b"PK\x03\x04", packed.index(name.encode()) - 30) + 30 + len(name)
    return packed[:start] + b"\xff" * 16 + packed[start + 16 :]


def gif() -> bytes:
    return b"GIF89a" + struct.pack("<HH", 1, 1) + b"\x80\0\0" + zlib.compress(b"x")


def declared(subset: str, body: str = "") -> bytes:
    head = directory.HEAD.replace('"ficAlimMENESR.dtd">', f'"ficAlimMENESR.dtd" [{subset}]>')
    person = record("Eleve", INES).replace("FERRER", body or "FERRER")
    return directory.page(record("EtabEducNat", directory.SCHOOL), person, head=head)


LAUGHS = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))

# ── Tables
TABLES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "vide"),
    "only blanks": (b"\r\n \t\r\n", "vide"),
    "only the headers": (HEADERS + b"\r\n", "aucune ligne"),
    "a web page saved as CSV": (b"<!DOCTYPE html><html><body>Session expir\xe9e</body></html>", "page web"),
    "a table of a web page": (b"<table><tr><td>Nom;Pr\xe9nom</td></tr></table>", "page web"),
    "a renamed PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "PDF"),
    "a renamed picture": (gif(), "image"),
    "rich text": (b"{\\rtf1\\ansi Nom;Prenom}", "tableur, un PDF ou une image"),
    "NULs": (PUPILS.replace(b"FERRER", b"FER\0ER"), "fichier texte"),
    "UTF-16": (TEXT.encode("utf-16"), "UTF-16"),
    "UTF-8 cut in the middle of a letter": ((TEXT * 2).encode().rsplit(b"\xc3", 1)[0] + b"\xc3", "encodage"),
    "two encodings": (TEXT.encode() + LINE, "encodage"),
    "read in the wrong code and saved": (TEXT.encode().decode("cp1252").encode(), "encodage"),
    "an old code of DOS": (TEXT.encode("cp850"), "encodage"),
    "a quote that never closes": (PUPILS.replace(b";In\xe8s;", b';"In\xe8s;'), "guillemet"),
    "20,001 lines": (HEADERS + b"\r\n" + (LINE + b"\r\n") * 20_001, "lignes"),
    "a line of 10 MB": (HEADERS + b"\r\n" + b"x" * 10 * 1024 * 1024, "5 Mo"),
    "a cell of 4 MB": (PUPILS.replace(b"FERRER", b"F" * 4 * 1024 * 1024), "démesuré"),
    "commas": (PUPILS.replace(b";", b","), "points-virgules"),
    "mixed separators": (HEADERS + b"\r\n" + LINE.replace(b";", b","), ""),
    "two tables end to end": (PUPILS + PUPILS, "ses titres reviennent à la ligne 3"),
    "a column twice": (PUPILS.replace(b"Sexe", b"INE"), "“INE” y est deux fois"),
    "a needed column lacks": (PUPILS.replace(b"Niveau", b"Palier"), "“Niveau” manque"),
    "500 columns": (HEADERS + b";x" * 500 + b"\r\n" + LINE, "400 colonnes"),
    "born in 1900": (PUPILS.replace(b"2018-03-14", b"1900-03-14"), ""),
    "born in 2099": (PUPILS.replace(b"2018-03-14", b"2099-03-14"), ""),
    "formulas": (PUPILS.replace(b"FERRER", b"=cmd|' /C calc'!A0"), ""),
    "the list of another kind": (books.town(books.AGENT), "le service scolaire le dépose"),
}  # fmt: skip
# ── Workbooks
BOOKS: dict[str, tuple[bytes, str]] = {
    "a workbook cut short": (BOOK[: len(BOOK) // 2], "abîmé"),
    "a workbook damaged inside": (damaged_archive(BOOK, SHEET), "abîmé"),
    "a workbook with macros": (with_part(BOOK, "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0"), "macros"),
    "a workbook with a password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "mot de passe"),
    "a workbook with a formula": (
        books.workbook([HEADERS.decode("iso-8859-1").split(";"), ["=1+1", *LINE.decode("iso-8859-1").split(";")[1:]]]),
        "formule",
    ),
    "a workbook without lines": (books.workbook([HEADERS.decode("iso-8859-1").split(";")]), "aucune ligne"),
    "an empty workbook": (books.workbook([]), "vide"),
    "a workbook that is a bomb": (with_part(BOOK, "xl/media/a.xml", b" " * 70 * 1024 * 1024), "démesuré"),
    "a workbook of ten million rows": (repacked(BOOK, sheet=ten_million_rows), "lignes"),
    "a workbook with an entity": (
        repacked(BOOK, sheet=lambda d: b'<!DOCTYPE x [<!ENTITY a "b">]>' + d), "XML interdites"
    ),
    "a workbook whose sheet is no XML": (repacked(BOOK, sheet=lambda d: b"<worksheet><sheetData>"), "abîmé"),
    "a workbook of a thousand parts": (
        zipped({"xl/workbook.xml": b"<x/>"} | {f"xl/{n}.xml": b"<x/>" for n in range(1000)}), "parties"
    ),
}  # fmt: skip
# ── The académie's directory
FEEDS: dict[str, tuple[bytes, str]] = {
    "a billion laughs": (declared(LAUGHS, "&j;"), "entités"),
    "an external entity": (declared(f'<!ENTITY x SYSTEM "{ATTACK}">', "&x;"), "entités"),
    "a parameter entity": (declared(f'<!ENTITY % x SYSTEM "{ATTACK}"> %x;'), "entités"),
    "an entity that nobody declares": (FEED.replace(b"FERRER", b"&x;"), "forme"),
    "the DOCTYPE of elsewhere": (FEED.replace(b'"ficAlim', b'"https://example.org/ficAlim'), "déclaration"),
    "no DOCTYPE": (directory.page(record("Eleve", INES), head="<?xml version='1.0'?>\n"), "déclaration"),
    "another root": (re.sub(rb"(</?)ficAlimMENESR>", rb"\1autre>", FEED), "n’est pas un fichier de l’annuaire"),
    "XML cut short": (FEED[:-60], "abîmé ou coupé"),
    "XML in UTF-7": (FEED.replace(b"ISO-8859-15", b"UTF-7"), "encodage"),
    "XML in UTF-16": (FEED.decode("iso-8859-15").replace("ISO-8859-15", "UTF-16").encode("utf-16-le"), "fichier texte"),
    "no record": (directory.page(), "aucune fiche"),
    "a record of another shape": (FEED.replace(b"<id>1<", b"<id><").replace(b'"ENTPersonJointure"', b'"x"'), "forme"),
    "an unknown request": (FEED.replace(b"addRequest", b"dropRequest"), "forme"),
    "500 levels": (FEED.replace(b"<value>FERRER", b"<value>" + b"<a>" * 500 + b"F" + b"</a>" * 500), "abîmé ou coupé"),
    "an archive with a path": (zipped({"../../etc/cron.d/x.xml": FEED}), "chemin"),
    "an archive with an absolute path": (zipped({"/etc/x.xml": FEED}), "chemin"),
    "an archive in an archive": (zipped({"pages.zip": zipped({"x.xml": FEED})}), "en contient une autre"),
    "an archive that hides one": (zipped({"x.xml": zipped({"x.xml": FEED})}), ""),
    "an archive with a program": (zipped({"x.xml": FEED, "lisez-moi.exe": b"MZ"}), "« lisez-moi.exe »"),
    "an archive that is a bomb": (zipped({"x.xml": b" " * 70 * 1024 * 1024}), "démesurée"),
    "an archive that lies on its sizes": (lying_archive("x.xml", b"<" * 30 * 1024 * 1024), ""),
    "an archive with a password": (locked_archive("x.xml", FEED), "mot de passe"),
    "an archive cut short": (zipped({"x.xml": FEED})[:-40], ""),
    "an empty archive": (zipped({}), ""),
    "an archive of 201 files": (zipped({f"ENT_Eleve_{n:04}.xml": FEED for n in range(201)}), "trop de fichiers"),
    "an archive with a page missing": (zipped({"E_Eleve_0000.xml": FEED, "E_Eleve_0002.xml": FEED}), "page 0001"),
}  # fmt: skip
MALFORMED = TABLES | BOOKS | FEEDS
