"""Bytes of each kind, true and false."""

import io
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile

PURPOSE = "essai"  # of files whose readers a test chooses

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\0" * 60 + b"\xff\xd9"
WEBP = b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(document.domain)</script>"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\0" * 100


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\0"))
    + _chunk(b"IEND", b"")
)


def _part(name: str) -> zipfile.ZipInfo:
    """Always of the same date: the bytes name the tests, which must be the same in every worker."""
    found = zipfile.ZipInfo(name, date_time=(2026, 11, 24, 12, 0, 0))
    found.compress_type = zipfile.ZIP_DEFLATED
    return found


def archive(**parts: bytes) -> bytes:
    """A ZIP; `__` stands for « / » in the name of a part, `_0` for « . »."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(_part(name.replace("__", "/").replace("_0", ".")), data)
    return out.getvalue()


def office(part: str, **more: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(_part("[Content_Types].xml"), "<Types/>")
        made.writestr(_part(part), "<x/>")
        for name, data in more.items():
            made.writestr(_part(name.replace("__", "/").replace("_0", ".")), data)
    return out.getvalue()


def damaged_inside(packed: bytes, first: str) -> bytes:
    """The ZIP, whose `first` part no longer unpacks: its first bytes are of no method."""
    start = 30 + len(first)
    return packed[:start] + b"\xff" * 8 + packed[start + 8 :]


def open_document(mime_type: str) -> bytes:
    return archive(mimetype=mime_type.encode(), content_0xml=b"<x/>")


DOCX, XLSX = office("word/document.xml"), office("xl/workbook.xml")
ODT = open_document("application/vnd.oasis.opendocument.text")
ODS = open_document("application/vnd.oasis.opendocument.spreadsheet")


def upload(
    content: bytes = PDF, name: str = "sortie.pdf", said: str = "application/octet-stream"
) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=said)
