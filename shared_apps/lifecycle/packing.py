"""One package: a ZIP of open formats, written table by table, so that its size costs no memory.

index.html      what is in it, readable anywhere
donnees/*.csv   for a spreadsheet;  donnees/*.json for another service
fichiers/*      as people gave them
manifest.json   the SHA-256 of each of the above
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from core.csvs import plain_cell
from core.packages import SCHOOL, TOWN, Content, contents_of
from shared_apps.files.models import StoredFile
from shared_apps.files.storage import path_of, storage

CHUNK = 2_000
PIECE = 64 * 1024


@dataclass(slots=True)
class Table:
    label: str
    title: str
    columns: list[str]
    path: str
    rows: int = 0


@dataclass(slots=True)
class Packed:
    tables: list[Table] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    files: int = 0
    missing: int = 0


def pack(
    target: BinaryIO, *, title: str, is_town: bool = False, uai: str = "", tell: Callable[[int, int], None]
) -> Packed:
    """In the commune’s schema. `uai`: the rows of that school alone."""
    packed = Packed()
    contents = contents_of(TOWN if is_town else SCHOOL)
    ids: set[Any] = set()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        for number, (model, content) in enumerate(contents, 1):
            rows = rows_of(model, content, uai, ids)
            _put_table(archive, packed, model, content, rows)
            if uai:
                ids |= set(rows.values_list("pk", flat=True)) if model._meta.pk.name == "id" else set()
            if model is StoredFile:
                _put_files(archive, packed, rows)
            tell(number, len(contents))
        context = {"title": title, "tables": packed.tables, "packed": packed, "made_at": timezone.now()}
        _put(archive, packed, "index.html", [render_to_string("lifecycle/package.html", context).encode()])
        _put_manifest(archive, packed, title)
    return packed


def rows_of(model: type[models.Model], content: Content, uai: str, ids: set[Any]) -> Any:
    rows = model._base_manager.filter(content.only)
    if uai:
        rows = rows.filter(_of_school(content, uai, ids))
    # A join may find a row twice; an order of its own makes the same file from the same rows.
    return model._base_manager.filter(pk__in=rows.order_by().values("pk")).order_by("pk")


def _of_school(content: Content, uai: str, ids: set[Any]) -> Q:
    also = dict(content.also)
    found = Q(pk__in=[])
    for path in content.paths:
        lookup = "uai" if path == "pk" else f"{path}__uai"
        found |= Q(**{lookup: uai}) & also.get(path, Q())
    if content.object_field:
        found |= Q(**{f"{content.object_field}__in": ids})
    return found


def _put_table(
    archive: zipfile.ZipFile, packed: Packed, model: type[models.Model], content: Content, rows: Any
) -> None:
    columns = [f.attname for f in model._meta.concrete_fields if f.name not in content.without]
    path = f"donnees/{model._meta.label_lower}"
    title = str(model._meta.verbose_name_plural)
    table = Table(model._meta.label_lower, title, columns, path)

    def lines() -> Iterator[bytes]:
        yield b"\xef\xbb\xbf" + _line(columns)
        for row in rows.values_list(*columns).iterator(chunk_size=CHUNK):
            table.rows += 1
            yield _line(row)

    _put(archive, packed, f"{path}.csv", lines())
    _put(archive, packed, f"{path}.json", _json(rows, columns))
    packed.tables.append(table)
    packed.rows += table.rows


def _line(cells: Any) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerow([plain_cell(cell) for cell in cells])
    return text.getvalue().encode()


def _json(rows: Any, columns: list[str]) -> Iterator[bytes]:
    yield b"["
    before = b"\n"
    for row in rows.values(*columns).iterator(chunk_size=CHUNK):
        yield before + json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False).encode()
        before = b",\n"
    yield b"\n]\n"


def _put_files(archive: zipfile.ZipFile, packed: Packed, rows: Any) -> None:
    for file in rows.iterator(chunk_size=CHUNK):
        name = f"fichiers/{file.pk}-{PurePosixPath(file.name).name}"
        try:
            with storage().open(path_of(file.pk)) as content:
                _put(archive, packed, name, iter(lambda c=content: c.read(PIECE), b""))
            packed.files += 1
        except FileNotFoundError:
            packed.missing += 1


def _put(archive: zipfile.ZipFile, packed: Packed, name: str, pieces: Any) -> None:
    digest = hashlib.sha256()
    with archive.open(name, "w", force_zip64=True) as member:
        for piece in pieces:
            digest.update(piece)
            member.write(piece)
    packed.hashes[name] = digest.hexdigest()


def _put_manifest(archive: zipfile.ZipFile, packed: Packed, title: str) -> None:
    manifest = {
        "title": title,
        "made_at": timezone.now(),
        "rows": packed.rows,
        "files": packed.files,
        "missing_files": packed.missing,
        "tables": {table.label: table.rows for table in packed.tables},
        "sha256": packed.hashes,
    }
    archive.writestr("manifest.json", json.dumps(manifest, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
