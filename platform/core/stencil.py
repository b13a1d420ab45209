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
from collections.abc import Iterable, Mapping
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
        self._drawings: dict[Any, list[Any]] = {}

    def print(self, rows: Iterable[Mapping[str, Any]], shared: Mapping[str, Any]) -> SafeString:
        said = get_language(), *shared.items()
        return mark_safe("".join([self._row(row, shared, said) for row in rows]))  # noqa: S308  # escaped below

    def _row(self, row: Mapping[str, Any], shared: Mapping[str, Any], said: tuple[Any, ...]) -> str:
        shape: list[Any] = [said]
        texts: list[str] = []
        for name, value in row.items():
            if value and name in self._texts:
                shape += name, Stencil
                texts.append(_escaped(value))
            else:
                shape += name, value
        key = tuple(shape)
        drawing = self._drawings.get(key)
        if drawing is None:
            drawing = self._drawn(key, row, shared)
        # drawn, place of a text, drawn, place… drawn
        found = "".join([part if part.__class__ is str else texts[part] for part in drawing])
        if self.is_checked and found != (expected := self._draw({**shared, **row})):
            raise AssertionError(f"{self._template_name} does more than print its texts:\n{expected}\n{found}")
        return found

    def _drawn(self, key: Any, row: Mapping[str, Any], shared: Mapping[str, Any]) -> list[Any]:
        if len(self._drawings) >= LIMIT:
            self._drawings.clear()
        names = [name for name, value in row.items() if value and name in self._texts]
        marks = {name: f"\ue002{n}\ue003" for n, name in enumerate(names)}
        parts = MARK.split(self._draw({**shared, **row, **marks}))
        self._drawings[key] = [int(part) if place % 2 else part for place, part in enumerate(parts)]
        return self._drawings[key]

    def _draw(self, row: Mapping[str, Any]) -> str:
        return get_template(self._template_name).render(dict(row)).strip()


def _escaped(value: Any) -> str:
    if value.__class__ is str:  # nearly all; Django's way through looks at it four times
        return escape(value)
    if isinstance(value, str):
        return conditional_escape(value)
    if isinstance(value, (UUID, Promise)):
        return conditional_escape(str(value))
    raise TypeError(f"{value!r} is no text: write it as it is read.")
