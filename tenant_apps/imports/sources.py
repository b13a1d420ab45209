"""From the bytes that were dropped to rows of one kind, whatever the file is. A kind is an entry in the tables of
`kinds`, `services` and `review`.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.layouts.current import layouts
from tenant_apps.imports import kinds, reading, spreadsheets
from tenant_apps.imports.aaf import reading as feeds
from tenant_apps.imports.kinds import Parsed
from tenant_apps.imports.models import ImportPlan


@dataclass(frozen=True, slots=True)
class Source:
    kind: str
    rows: list[Parsed]
    unread: list[str]  # headers that nobody reads


def read(data: bytes, columns: Mapping[str, str]) -> Source:
    """`columns`: matched key of an unknown header → that of the field it stands for. Raises DomainError."""
    if not spreadsheets.is_workbook(data) and feeds.is_feed(data):
        return of_feed(feeds.read(data))
    table = reading.read(data).renamed(columns)
    kind = kinds.recognise(table)
    return Source(kind, kinds.parse(table, kind), kinds.unread_columns(table, kind))


def of_feed(feed: feeds.Feed) -> Source:
    """A record is a row, as it stands: which school it is of is told by the whole."""
    rows = [
        Parsed(number, {"record": record, "is_complete": feed.is_complete})
        for number, record in enumerate(feed.records, start=1)
    ]
    return Source(ImportPlan.Kind.AAF, rows, unknown_attributes(feed))


def unknown_attributes(feed: feeds.Feed) -> list[str]:
    """Each once: a new attribute of the académie's is seen, and stops nothing."""
    known = layouts()
    found = dict.fromkeys((record.category, name) for record in feed.records for name in record.attributes)
    return [name[:60] for category, name in found if known[category].unknown([name])][:40]


def together(files: Sequence[tuple[str, bytes]]) -> bytes:
    """Several files dropped at once, as one: a ZIP, always the same for the same files."""
    if len(files) == 1:
        return files[0][1]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name.replace("\\", "/").rsplit("/", 1)[-1]), data)
    return packed.getvalue()


def check_place(kind: str, school: Any) -> None:
    """The town's agents are dropped by the school service, all the rest by a head for a school."""
    if kind == ImportPlan.Kind.TOWN_STAFF and school is not None:
        message = _(
            "Ce fichier est celui des agents de la commune : le service scolaire le dépose. Rien n’a été modifié."
        )
        raise DomainError(message, code="elsewhere")
    if kind != ImportPlan.Kind.TOWN_STAFF and school is None:
        message = _("Ce fichier est celui d’une école : sa direction le dépose. Rien n’a été modifié.")
        raise DomainError(message, code="elsewhere")
