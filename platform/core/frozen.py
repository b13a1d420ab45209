"""A query that is built once. To build and compile a queryset costs three times what it costs to send it and to read
its rows: on the pages that everybody opens, that is most of the request.

    @frozen
    def _children(user: User) -> QuerySet[Enrollment]:
        return Enrollment.objects.on().of_family(user).select_related("pupil__person")

    _children(request.user)  # a list, the same as list(…) of the queryset

Only its arguments and today's date make a call differ from the next. In the tests each call is compared with the
queryset built anew: one that depends on anything else (the hour, an attribute of the user) fails there.
"""

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import update_wrapper
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.utils import timezone

T = TypeVar("T")
# Values that no argument has, by type: the nth one.
MARKERS: dict[type, Callable[[int], Any]] = {
    uuid.UUID: lambda n: uuid.UUID(int=(0xF0 << 120) + n),
    str: lambda n: f"\ue000{n}\ue001",
    int: lambda n: 2**30 + 7919 * n,
    date: lambda n: date(1, 1, 1) + timedelta(days=n),
    datetime: lambda n: datetime(1, 2, 1, tzinfo=UTC) + timedelta(days=n),
}


class Frozen:
    """Arguments: rows of a model (their key alone counts), and values of the types of MARKERS."""

    is_checked = False

    def __init__(self, build: Callable[..., QuerySet]) -> None:
        self._build = build
        self._day: date | None = None
        self._templates: dict[tuple[type, ...], _Template] = {}
        update_wrapper(self, build)

    def __call__(self, *arguments: Any) -> list[Any]:
        # Somebody seen by another's eyes is no ordinary user: their rows are fewer.
        if any(getattr(one, "is_narrowed", False) for one in arguments):
            return list(self._build(*arguments))
        template = self._template(tuple(one.__class__ for one in arguments))
        values = [one.pk if isinstance(one, Model) else one for one in arguments]
        if self.is_checked:
            template.check(values, self._build(*arguments))
        return template.rows(values)

    def _template(self, kinds: tuple[type, ...]) -> "_Template":
        today = timezone.localdate()
        if self._day != today:
            self._templates, self._day = {}, today
        if kinds not in self._templates:
            self._templates[kinds] = self._freeze(kinds)
        return self._templates[kinds]

    def _freeze(self, kinds: tuple[type, ...]) -> "_Template":
        markers = [_marker(kind, number) for number, kind in enumerate(kinds)]
        arguments = [kind(pk=at) if issubclass(kind, Model) else at for kind, at in zip(kinds, markers, strict=True)]
        return _Template(self._build(*arguments), markers)


frozen = Frozen


def _marker(kind: type, number: int) -> Any:
    return MARKERS[uuid.UUID if issubclass(kind, Model) else kind](number)


class _Template:
    """The SQL, and which of its parameters are arguments. Raises TypeError when one is not sent as it is given."""

    def __init__(self, queryset: QuerySet, markers: Sequence[Any]) -> None:
        self._queryset = queryset
        self._compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self._sql, params = self._compiler.as_sql()
        self._params = tuple(params)
        self._places = [(place, markers.index(value)) for place, value in enumerate(params) if value in markers]
        lost = set(range(len(markers))) - {argument for _place, argument in self._places}
        if lost:
            raise TypeError(f"Arguments {sorted(lost)} are not parameters of the query as they are given.")

    def rows(self, values: Sequence[Any]) -> list[Any]:
        sent = self._sql, self._bound(values)
        compiler = _like(
            self._compiler, connection=connections[DEFAULT_DB_ALIAS], as_sql=lambda *_args, **_options: sent
        )
        query = _like(self._queryset.query, get_compiler=lambda *_args, **_options: compiler)
        return list(_like(self._queryset, _query=query))

    def check(self, values: Sequence[Any], anew: QuerySet) -> None:
        sql, params = anew.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        if (sql, tuple(params)) != (self._sql, self._bound(values)):
            raise AssertionError(f"More than its arguments makes this query:\n{sql}\n{params}\n{self._sql}")

    def _bound(self, values: Sequence[Any]) -> tuple[Any, ...]:
        params = list(self._params)
        for place, argument in self._places:
            params[place] = values[argument]
        return tuple(params)


def _like(one: T, **changes: Any) -> T:
    """A copy that shares everything but the changes; `copy` would run the query of a queryset."""
    other: Any = object.__new__(type(one))
    other.__dict__.update(one.__dict__, **changes)
    return other
