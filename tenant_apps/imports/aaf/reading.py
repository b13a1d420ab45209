"""The académie's directory (AAF, premier degré) as records. Anybody may have made these files: nothing that they
declare is resolved, fetched or believed, and what is unpacked is counted.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from lxml import etree

from core.archives import BROKEN_ZIP
from core.words import figure
from tenant_apps.imports.errors import Unreadable

ROOT = "ficAlimMENESR"
REQUESTS = {"addRequest": "add", "modifyRequest": "modify", "deleteRequest": "delete"}
CATEGORIES = {
    "etabeducnat": "aaf_structures",
    "eleve": "aaf_pupils",
    "persreleleve": "aaf_guardians",
    "perseducnat": "aaf_staff",
}
# A code in which « <! » would hide (UTF-7, UTF-16, EBCDIC) is not one of those that AAF is written in.
ENCODINGS = {"utf-8", "iso-8859-1", "iso-8859-15", "windows-1252", "us-ascii", "ascii"}
DECLARED = re.compile(rb"""\A\s*(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
BEGINNINGS = (b"<?xml", b"<!DOCTYPE ficAlim", b"<ficAlim")
PAGE = re.compile(r"_([A-Za-z]+)_([0-9]{4})\.xml$", re.IGNORECASE)
DTD = "ficAlimMENESR.dtd"

MAX_FILES = 200
MAX_UNPACKED = 64 * 1024 * 1024
MAX_RATIO = 200  # XML of repeated tags packs well, a bomb better
MAX_RECORDS = 400_000
MAX_VALUES = 500  # of one attribute
MAX_TEXT = 2_000
CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Record:
    category: str  # a kind of `layouts`
    operation: str  # add, modify, delete
    key: str
    attributes: dict[str, list[str]]
    file: str
    line: int


@dataclass(slots=True)
class Feed:
    """All the files of one delivery. Complete: whoever is absent has left."""

    records: list[Record] = field(default_factory=list)
    is_complete: bool = True


def is_feed(data: bytes) -> bool:
    """XML, or an archive (a workbook has been told apart before)."""
    begin = data[:200].lstrip(b"\xef\xbb\xbf \r\n\t")
    return data.startswith(b"PK\x03\x04") or begin.startswith(BEGINNINGS)


def read(data: bytes) -> Feed:
    """One file or a ZIP of them. Raises Unreadable."""
    files = unpack(data) if data.startswith(b"PK\x03\x04") else [("", data)]
    return read_files(files)


def read_files(files: Sequence[tuple[str, bytes]]) -> Feed:
    _check_pages([name for name, _data in files])
    feed = Feed(is_complete=not any("_delta_" in name.lower() for name, _data in files))
    for name, data in sorted(files):
        for record in records(name, data):
            feed.records.append(record)
            feed.is_complete = feed.is_complete and record.operation == "add"
            if len(feed.records) > MAX_RECORDS:
                raise Unreadable(_("il contient plus de %(count)s fiches") % {"count": figure(MAX_RECORDS)})
    if not feed.records:
        raise Unreadable(_("il ne contient aucune fiche"))
    return feed


def _check_pages(names: Sequence[str]) -> None:
    """A page that lacks would pass for departures."""
    pages: dict[str, set[int]] = {}
    for name in names:
        if match := PAGE.search(name):
            pages.setdefault(match[1], set()).add(int(match[2]))
    for category, numbers in pages.items():
        lacking = sorted(set(range(max(numbers) + 1)) - numbers)
        if lacking:
            words = {"page": f"{lacking[0]:04}", "category": category}
            raise Unreadable(_("la page %(page)s de « %(category)s » manque") % words)


# ── The archive


def unpack(data: bytes) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir()]
            if len(parts) > MAX_FILES:
                raise Unreadable(_("cette archive contient trop de fichiers"))
            found, left = [], MAX_UNPACKED
            for part in parts:
                _check_name(part.filename)
                if not part.filename.lower().endswith((".dtd", ".md5")):  # they go along, and nobody reads them
                    found.append((part.filename.rsplit("/", 1)[-1], _content(archive, part, left)))
                    left -= len(found[-1][1])
    except Unreadable:
        raise
    except (*BROKEN_ZIP, ValueError) as broken:
        raise Unreadable(_("cette archive ou ce tableur est abîmé, ou protégé par un mot de passe")) from broken
    if not found:
        raise Unreadable(_("cette archive est vide"))
    return found


def _check_name(name: str) -> None:
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in name:
        raise Unreadable(_("cette archive contient un chemin de fichier interdit"))
    if name.lower().endswith((".zip", ".gz", ".7z", ".tar", ".rar")):
        raise Unreadable(_("cette archive en contient une autre : déposez les fichiers XML seuls"))
    if not name.lower().endswith((".xml", ".dtd", ".md5")):
        shown = {"name": parts[-1][:60]}
        raise Unreadable(_("cette archive contient « %(name)s », qui n’est pas de l’annuaire") % shown)


def _content(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> bytes:
    """Counted as it comes: what the archive says of its sizes proves nothing."""
    content = bytearray()
    room = min(left, max(1024 * 1024, part.compress_size * MAX_RATIO))
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            content += chunk
            if len(content) > room:
                raise Unreadable(_("cette archive, une fois décompressée, est démesurée"))
    return bytes(content)


# ── The XML


def records(name: str, data: bytes) -> Iterator[Record]:
    """One by one, each forgotten by the parser once read."""
    _check_text(data)
    parsing = etree.iterparse(
        io.BytesIO(data),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth = 0
    try:
        for event, element in parsing:
            depth += 1 if event == "start" else -1
            if event == "start" and depth == 1:
                _check_root(element)
            elif event == "end" and depth == 1:
                yield _record(name, element)
                element.getparent().remove(element)
    except etree.XMLSyntaxError as broken:
        number = {"number": broken.lineno or 1}
        raise Unreadable(_("ce XML est abîmé ou coupé, vers la ligne %(number)s") % number) from broken


def _check_text(data: bytes) -> None:
    if not data.strip():
        raise Unreadable(_("il est vide"))
    declared = DECLARED.match(data[:400])
    if b"\0" in data or (declared and declared[1].decode().lower() not in ENCODINGS):
        raise Unreadable(_("l’encodage de ce XML n’est pas de ceux de l’annuaire académique"))
    if b"<!ENTITY" in data or b"<!ATTLIST" in data or b"<![" in data.split(b"<addRequest", 1)[0]:
        raise Unreadable(_("ce XML déclare des entités, ce que l’annuaire académique ne fait jamais"))


def _check_root(root: "etree._Element") -> None:
    if root.tag != ROOT:
        raise Unreadable(_("ce XML n’est pas un fichier de l’annuaire académique (AAF)"))
    document = root.getroottree().docinfo
    declaration = document.internalDTD
    if declaration is None or (document.system_url or "").rsplit("/", 1)[-1] != DTD or "//" in document.system_url:
        raise Unreadable(_("ce XML n’a pas la déclaration « %(dtd)s » de l’annuaire académique") % {"dtd": DTD})
    if list(declaration.iterentities()):
        raise Unreadable(_("ce XML déclare des entités, ce que l’annuaire académique ne fait jamais"))


def _record(name: str, element: "etree._Element") -> Record:
    operation = REQUESTS.get(element.tag)
    if operation is None:
        raise _unexpected(element)
    found: dict[str, list[str]] = {}
    for attribute in element.iterfind("*/*[@name]"):
        values = [_text(value) for value in attribute.iterfind("value")]
        if len(values) > MAX_VALUES:
            raise _unexpected(attribute)
        found.setdefault(attribute.get("name", ""), []).extend(values)
    category = _category(found, name)
    key = (element.findtext("identifier/id") or "").strip() or next(iter(found.get("ENTPersonJointure", [])), "")
    if not key or not category:
        raise _unexpected(element)
    return Record(category, operation, key[:64], found, name, element.sourceline or 0)


def _category(found: dict[str, list[str]], name: str) -> str:
    told = found.get("categoriePersonne") or found.get("categorieStructure")
    if told:
        return CATEGORIES.get(told[0].lower(), "")
    page = PAGE.search(name)
    return CATEGORIES.get(page[1].lower(), "") if page else ""


def _text(value: "etree._Element") -> str:
    text = "".join(value.itertext()).strip()
    if len(text) > MAX_TEXT or len(value):
        raise _unexpected(value)
    return text


def _unexpected(element: "etree._Element") -> Unreadable:
    number = {"number": element.sourceline or 1}
    return Unreadable(_("une fiche n’a pas la forme de l’annuaire académique, ligne %(number)s") % number)
