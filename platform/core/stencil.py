"""A row of a page that is drawn once for its shape and printed for each row of that shape: to run a template for the
thirtieth pupil of a class costs as much as for the first.

    {% stencil "components/_tap_tile.html" tiles "value title words" %}

prints that template for each of `tiles` (dicts). The named entries are text: printed where the template prints them,
escaped as the template would. Every other entry, and what is said of all rows (`disabled=disabled`), is the row's shape
(a state, a tone, an icon: hashable values): rows that differ by it, or by which texts are empty, are drawn apart. A
template may print a text or ask whether it is empty, nothing else: no filter, no comparison. In the tests each row is
compared with the template run for it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any
from uuid import UUID

from django.template.loader import get_template
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

MARK = re.compile("\ue002([0-9]+)\ue003")
LIMIT = 500  # shapes kept of one template: states times tones, far fewer


class Stencil:
    """Texts are str, lazy str or UUID; raises TypeError for a number or a date, which a template would localise."""

    is_checked = False

    def __init__(self, template_name: str, texts: str) -> None:
        self._template_name = template_name
        self._texts = frozenset(texts.split())
        self._drawings: dict[Any, tuple[str, Sequence[int]]] = {}

    def print(self, rows: Iterable[Mapping[str, Any]], shared: Mapping[str, Any]) -> SafeString:
        said = get_language(), *shared.items()
        found: list[tuple[str, Sequence[int], int]] = []  # a drawing, the texts that it prints, where they begin
        texts: list[Any] = []
        kept = list(rows)
        for row in kept:
            begin = len(texts)
            drawing = self._drawing(row, shared, said, texts)
            found.append((*drawing, begin))
        texts = _all_escaped(texts)
        printed = [text % tuple([texts[begin + place] for place in places]) for text, places, begin in found]
        if self.is_checked:
            for row, said_of_it in zip(kept, printed, strict=True):
                self._check({**shared, **row}, said_of_it)
        return mark_safe("".join(printed))  # noqa: S308  # escaped above

    def _drawing(
        self, row: Mapping[str, Any], shared: Mapping[str, Any], said: tuple[Any, ...], texts: list[Any]
    ) -> tuple[str, Sequence[int]]:
        """Adds the row's texts."""
        shape: list[Any] = [said]
        for name, value in row.items():
            if value and name in self._texts:
                shape += name, Stencil
                texts.append(value)
            else:
                shape += name, value
        key = tuple(shape)
        return self._drawings.get(key) or self._drawn(key, row, shared)

    def _drawn(self, key: Any, row: Mapping[str, Any], shared: Mapping[str, Any]) -> tuple[str, Sequence[int]]:
        if len(self._drawings) >= LIMIT:
            self._drawings.clear()
        names = [name for name, value in row.items() if value and name in self._texts]
        marks = {name: f"\ue002{n}\ue003" for n, name in enumerate(names)}
        parts = MARK.split(self._draw({**shared, **row, **marks}).replace("%", "%%"))  # drawn, place, drawn… drawn
        self._drawings[key] = "%s".join(parts[::2]), [int(place) for place in parts[1::2]]
        return self._drawings[key]

    def _check(self, row: Mapping[str, Any], found: str) -> None:
        if found != (expected := self._draw(row)):
            raise AssertionError(f"{self._template_name} does more than print its texts:\n{expected}\n{found}")

    def _draw(self, row: Mapping[str, Any]) -> str:
        return get_template(self._template_name).render(dict(row)).strip()


def _all_escaped(values: list[Any]) -> list[str]:
    """In one pass when all are plain texts, as nearly always; one by one when some are safe, or hold a zero."""
    texts = [value if value.__class__ is str else _text(value) for value in values]
    if all(text.__class__ is str for text in texts):
        found = escape("\0".join(texts)).split("\0")
        if len(found) == len(texts):
            return found
    return [conditional_escape(text) for text in texts]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (UUID, Promise)):
        return str(value)
    raise TypeError(f"{value!r} is no text: write it as it is read.")
