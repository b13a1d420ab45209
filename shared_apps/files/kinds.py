"""What a file is, told by its bytes. What is not in the table is refused: SVG and HTML carry scripts, ZIP bombs."""

import zipfile
from dataclasses import dataclass
from typing import BinaryIO

import puremagic
from django.utils.translation import gettext as _

from core.archives import BROKEN_ZIP
from core.errors import DomainError

HEAD = 4096  # bytes read to recognise a kind
UNPACKED = 200 * 1024 * 1024  # bytes an office document may claim to hold, unpacked
ENTRIES = 5_000


@dataclass(frozen=True, slots=True)
class Kind:
    """`extensions`: those a name may keep, the first given to a name that has none of them."""

    mime_type: str
    extensions: tuple[str, ...]
    label: str  # as a file row shows it
    is_inline: bool = False  # a browser shows it without running anything of it


PDF = Kind("application/pdf", (".pdf",), "PDF", is_inline=True)
PNG = Kind("image/png", (".png",), "PNG", is_inline=True)
JPEG = Kind("image/jpeg", (".jpg", ".jpeg"), "JPEG", is_inline=True)
WEBP = Kind("image/webp", (".webp",), "WebP", is_inline=True)
GIF = Kind("image/gif", (".gif",), "GIF")
MP3 = Kind("audio/mpeg", (".mp3",), "MP3", is_inline=True)
M4A = Kind("audio/mp4", (".m4a",), "M4A", is_inline=True)
OGG = Kind("audio/ogg", (".ogg", ".oga", ".opus"), "OGG", is_inline=True)
WAV = Kind("audio/wav", (".wav",), "WAV", is_inline=True)
TEXT = Kind("text/plain", (".txt", ".csv"), "TXT")

# Made by the platform, never recognised in what people give: `services.store_archive`.
ARCHIVE = Kind("application/zip", (".zip",), "ZIP")

_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
# The part that an office document of the kind must hold, and whether its own declaration is read instead.
OFFICE = {
    "word/document.xml": Kind(f"{_OOXML}.wordprocessingml.document", (".docx",), "Word"),
    "xl/workbook.xml": Kind(f"{_OOXML}.spreadsheetml.sheet", (".xlsx",), "Excel"),
    "ppt/presentation.xml": Kind(f"{_OOXML}.presentationml.presentation", (".pptx",), "PowerPoint"),
}
OPEN_DOCUMENTS = {
    kind.mime_type: kind
    for kind in (
        Kind(f"{_ODF}.text", (".odt",), "LibreOffice Writer"),
        Kind(f"{_ODF}.spreadsheet", (".ods",), "LibreOffice Calc"),
        Kind(f"{_ODF}.presentation", (".odp",), "LibreOffice Impress"),
    )
}
MAGIC = {kind.mime_type: kind for kind in (PDF, PNG, JPEG, WEBP, GIF)}
SOUNDS = frozenset({MP3, M4A, OGG, WAV})
KINDS = {kind.mime_type: kind for kind in (*MAGIC.values(), *SOUNDS, TEXT, *OFFICE.values(), *OPEN_DOCUMENTS.values())}
PICTURES = frozenset({PNG, JPEG, WEBP})


def kind_of(file: BinaryIO) -> Kind:
    """Reads the file, and leaves it at its beginning. Raises DomainError: unknown_kind, too_dense."""
    file.seek(0)
    head = file.read(HEAD)
    try:
        found = _by_signature(head) or _sound(head) or _office(file, head) or _text(file, head)
    finally:
        file.seek(0)
    if found is None:
        raise DomainError(
            _("Ce type de fichier n’est pas accepté. Déposez un PDF, une image ou un document bureautique."),
            code="unknown_kind",
        )
    return found


def _by_signature(head: bytes) -> Kind | None:
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):  # nothing known; an empty file
        return None
    # A signature further inside proves nothing: « …%PDF » may follow a page of HTML. WebP's stands after RIFF's length.
    told = {match.mime_type for match in matches if match.offset == (8 if head.startswith(b"RIFF") else 0)}
    return next((kind for mime_type, kind in MAGIC.items() if mime_type in told), None)


def _sound(head: bytes) -> Kind | None:
    """What a telephone or a browser records. puremagic takes several of them for a film."""
    if head.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")):
        return MP3
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return WAV
    if head.startswith(b"OggS"):
        return OGG
    return M4A if head[4:8] == b"ftyp" and head[8:12] in {b"M4A ", b"mp42"} else None


def _office(file: BinaryIO, head: bytes) -> Kind | None:
    if not head.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(file) as archive:
            _refuse_bombs(archive)
            names = set(archive.namelist())
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                return None  # macros
            if "mimetype" in names:
                return OPEN_DOCUMENTS.get(archive.read("mimetype")[:100].decode("ascii", "replace"))
    except BROKEN_ZIP:
        return None
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for part, kind in OFFICE.items() if part in names), None)


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > UNPACKED:
        raise DomainError(_("Ce document est trop volumineux une fois ouvert."), code="too_dense")


def _text(file: BinaryIO, head: bytes) -> Kind | None:
    """Plain text or CSV: readable to its end, and nothing that a machine would run."""
    if not head or head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"#!", b"%!", b"{\\rtf")):
        return None
    file.seek(0)
    # Control characters other than tabulation, ends of line and page: not a text.
    control = bytes(set(range(32)) - {9, 10, 12, 13}) + b"\x7f"
    while chunk := file.read(64 * 1024):
        if len(chunk) != len(chunk.translate(None, control)):
            return None
    return TEXT
