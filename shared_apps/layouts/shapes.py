"""A layout: which headers, in which spelling, name each field of a kind of file. How a header is matched."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from core.text import fold


def clean_key(header: str) -> str:
    """« Nom d’usage élève », «  Cycle » : case, accents, spaces and both apostrophes don't count."""
    return re.sub(r"[^a-z0-9]", "", fold(header))


@dataclass(frozen=True, slots=True)
class Field:
    """`headers`: the usual one first, the one that messages name; the others are read as well."""

    name: str
    headers: tuple[str, ...]
    is_required: bool = False  # the column must be in the file
    repeats: bool = False  # the same header may come several times, to the right

    @property
    def label(self) -> str:
        return self.headers[0]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(clean_key(header) for header in self.headers)


@dataclass(frozen=True)
class Layout:
    """`ignored`: headers that are known and of no use here. Version 0 is the one that the code ships."""

    kind: str
    fields: tuple[Field, ...]
    ignored: tuple[str, ...] = ()
    version: int = 0

    @cached_property
    def by_key(self) -> dict[str, Field]:
        return {key: field for field in reversed(self.fields) for key in field.keys}

    @cached_property
    def ignored_keys(self) -> frozenset[str]:
        return frozenset(map(clean_key, self.ignored))

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)

    def missing(self, keys: Iterable[str]) -> list[Field]:
        """Needed fields that none of these headers names."""
        present = {self.by_key[key].name for key in keys if key in self.by_key}
        return [field for field in self.fields if field.is_required and field.name not in present]

    def unknown(self, headers: Iterable[str]) -> list[str]:
        """Headers that this layout neither reads nor knows to be of no use."""
        known = self.by_key.keys() | self.ignored_keys
        return [header.strip() for header in headers if clean_key(header) and clean_key(header) not in known]

    def edited(self, headers: Mapping[str, Iterable[str]], ignored: Iterable[str], version: int) -> "Layout":
        """The same fields under other headers. Fields that the row doesn't name (newer than it) keep theirs."""
        fields = (replace(f, headers=tuple(headers.get(f.name) or f.headers)) for f in self.fields)
        return Layout(self.kind, tuple(fields), tuple(ignored), version)
