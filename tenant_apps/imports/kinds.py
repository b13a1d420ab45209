"""What each kind of file holds. Which header names which field is data (`layouts`); how a cell is read is told here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shared_apps.layouts.current import layouts
from shared_apps.layouts.shapes import Field, Layout, clean_key
from tenant_apps.imports import values
from tenant_apps.imports.errors import MissingColumn, Unreadable
from tenant_apps.imports.reading import Row, Table
from tenant_apps.imports.values import BadValue, Dropped

Reader = Callable[[str], Any]
# kind → field → how its cells are read. A new layout is a new version of the data; a new kind is an entry here.
READERS: dict[str, dict[str, Reader]] = {
    "onde_pupils": {
        "birth_name": values.required_name,
        "usage_name": values.name,
        "first_name": values.required_name,
        "birth_date": values.birth_date,
        "sex": values.sex,
        "ine": values.ine,
        "address": values.plain(200),
        "postal_code": values.plain(10),
        "city": values.place,
        "grade": values.grade,
        "class_label": values.class_label,
        "onde_id": values.plain(20),
        "has_insurance": values.yes_no,
        "has_photo_consent": values.yes_no,
    },
    "onde_guardians": {
        "civility": values.civility,
        "usage_name": values.name,
        "birth_name": values.required_name,
        "first_name": values.adult_first_name,
        "address": values.plain(200),
        "postal_code": values.plain(10),
        "city": values.place,
        "email": values.email,
        "home_phone": values.phone,
        "phone": values.phone,
    },
    "teachers": {
        "civility": values.civility,
        "usage_name": values.name,
        "birth_name": values.required_name,
        "first_name": values.required_name,
        "email": values.email,
        "is_head": values.yes_no,
    },
    "town_staff": {
        "civility": values.civility,
        "birth_name": values.required_name,
        "usage_name": values.name,
        "first_name": values.required_name,
        "role": values.municipal_role,
        "school": values.plain(150),
        "email": values.email,
        "phone": values.phone,
        "starts_on": values.day,
        "ends_on": values.last_day,
    },
}
NO_VALUE = {"birth_date": None, "starts_on": None, "ends_on": None, "is_head": None}


@dataclass(frozen=True, slots=True)
class Parsed:
    """A line as it could be read: with why it can't be used (`is_bad`), or what was left out of it."""

    number: int
    data: dict[str, Any]
    is_bad: bool = False
    column: str = ""
    reason: str = ""


def recognise(table: Table) -> str:
    """By the headers: people rename the files. Raises MissingColumn naming the column that lacks."""
    known = layouts()
    keys = set(table.keys)
    # First the kind of which most headers are its own, then the one that reads most of them.
    kind = max(READERS, key=lambda kind: (len(keys & _own_keys(known, kind)), len(keys & known[kind].by_key.keys())))
    if not keys & _own_keys(known, kind):
        kind = "onde_pupils"
    missing = known[kind].missing(table.keys)
    if missing:
        raise MissingColumn(kind, missing[0].label, known[kind].unknown(table.headers))
    _check_twice(table, known[kind])
    return kind


def _own_keys(known: Mapping[str, Layout], kind: str) -> set[str]:
    """Headers that no other kind of table has."""
    others = {key for other in READERS if other != kind for key in known[other].by_key}
    return set(known[kind].by_key) - others


def _check_twice(table: Table, layout: Layout) -> None:
    """Two columns for one field: which of both speaks can't be guessed."""
    read = [layout.by_key[key] for key in table.keys if key in layout.by_key]
    for field in read:
        if not field.repeats and read.count(field) > 1:
            raise Unreadable(_("la colonne “%(label)s” y est deux fois") % {"label": field.label})


def unread_columns(table: Table, kind: str) -> list[str]:
    """Headers that nobody reads, shown to the person: a new column of ONDE is seen, never lost in silence."""
    layout = layouts()[kind]
    unread = (header for header, key in zip(table.headers, table.keys, strict=True) if key not in layout.by_key)
    return [header[:60] for header in layout.unknown(unread)][:40]


def associations(kind: str) -> list[tuple[str, str]]:
    """(matched key, label) of the fields to which a person may associate an unknown column."""
    return [(clean_key(field.label), field.label) for field in layouts()[kind].fields]


def parse(table: Table, kind: str) -> list[Parsed]:
    layout, readers = layouts()[kind], READERS[kind]
    columns = [
        (field, _remembering(readers[field.name]), _position(table, field))
        for field in layout.fields
        if field.name in readers
    ]
    places = [(layout.by_key[key].name, at) for at, key in enumerate(table.keys) if key in layout.by_key]
    repeated = REPEATED.get(kind)
    gather = repeated(places) if repeated else None
    return [_parse_row(row, columns, gather) for row in table.rows]


def _remembering(read: Reader) -> Reader:
    """A column says the same few things again and again: a class, a town, the names of a family. For one file."""
    known: dict[str, Any] = {}

    def remembered(text: str) -> Any:
        if text not in known:
            known[text] = read(text)
        return known[text]

    return remembered


def _position(table: Table, field: Field) -> int | None:
    return table.position(*field.keys)


def _parse_row(
    row: Row,
    columns: list[tuple[Field, Reader, int | None]],
    gather: Callable[[Row], dict[str, Any]] | None,
) -> Parsed:
    """All the columns, even after a bad one: what could be read still tells whom the line speaks of."""
    data: dict[str, Any] = {}
    bad: list[tuple[str, str]] = []
    dropped: list[tuple[str, str]] = []
    for field, read, position in columns:
        try:
            data[field.name] = read(row.cell(position))
        except (BadValue, Dropped) as problem:
            data[field.name] = NO_VALUE.get(field.name, "")
            (bad if isinstance(problem, BadValue) else dropped).append((field.label, str(problem)))
    if gather is not None:
        data |= gather(row)
    label, reason = (bad or dropped or [("", "")])[0]
    return Parsed(row.number, data, bool(bad), label, reason)


# ── Columns that repeat to the right, with the same header: read by position.


def _children(places: list[tuple[str, int]]) -> Callable[[Row], dict[str, Any]]:
    """A group of columns a child: a new one begins when a name comes back."""
    groups: list[dict[str, int]] = []
    squeezed = _remembering(_squeezed)
    for name, position in places:
        if name.startswith("child."):
            field = name.removeprefix("child.")
            if not groups or field in groups[-1]:
                groups.append({})
            groups[-1][field] = position

    def gather(row: Row) -> dict[str, Any]:
        found = ({field: squeezed(row.cell(at)) for field, at in group.items()} for group in groups)
        named = [c for c in found if c.get("birth_name") or c.get("usage_name") or c.get("first_name")]
        return {"children": named}

    return gather


def _classes(places: list[tuple[str, int]]) -> Callable[[Row], dict[str, Any]]:
    positions = [position for name, position in places if name == "class_label"]
    squeezed = _remembering(_squeezed)

    def gather(row: Row) -> dict[str, Any]:
        return {"classes": [label for at in positions if (label := squeezed(row.cell(at))[:100])]}

    return gather


def _squeezed(text: str) -> str:
    return values.squeezed(text.replace("'", "’"))


REPEATED: dict[str, Callable[[list[tuple[str, int]]], Callable[[Row], dict[str, Any]]]] = {
    "onde_guardians": _children,
    "teachers": _classes,
}
