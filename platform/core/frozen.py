"""A query that is built once. To build and compile a queryset costs three times what it costs to send it and to read
its rows: on the pages that everybody opens, that is most of the request.

    @frozen
    def _children(user: User) -> QuerySet[Enrollment]:
        return Enrollment.objects.on().of_family(user).select_related("pupil__person")

    _children(request.user)  # a list, the same as list(…) of the queryset

Only its arguments and today's date make a call differ from the next; what changes the query itself (which box, which
rows of a list) is said by name, and has its own text. In the tests each call is compared with the queryset built anew:
one that depends on anything else (the hour, an attribute of the user) fails there.

What a session asks twice in a commune is prepared there (`tenants.db.statements`): PostgreSQL plans it once.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import update_wrapper
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.models import Count, Model, QuerySet, Value
from django.utils import timezone

T = TypeVar("T")
LIMIT = 200  # texts kept of one query
# Values that no argument has, by type: the nth one.
MARKERS: dict[type, Callable[[int], Any]] = {
    uuid.UUID: lambda n: uuid.UUID(int=(0xF0 << 120) + n),
    str: lambda n: f"\ue000{n}\ue001",
    int: lambda n: 2**30 + 7919 * n,
    date: lambda n: date(1, 1, 1) + timedelta(days=n),
    datetime: lambda n: datetime(1, 2, 1, tzinfo=UTC) + timedelta(days=n),
}
TYPES = {uuid.UUID: "uuid", str: "text", int: "bigint", date: "date", datetime: "timestamptz"}


class Frozen:
    """Arguments: rows of a model (their key alone counts), and values of the types of MARKERS."""

    is_checked = False
    is_prepared = True

    def __init__(self, build: Callable[..., QuerySet]) -> None:
        self._build = build
        self._day: date | None = None
        self._templates: dict[Any, _Template] = {}
        update_wrapper(self, build)

    def __call__(self, *arguments: Any, **shape: Any) -> list[Any]:
        return self._rows(_whole, arguments, shape)

    def in_pages(self, *arguments: Any, **shape: Any) -> "_Listed":
        """For a Paginator: it counts the rows, and takes some of them."""
        return _Listed(self, arguments, shape)

    def _rows(self, part: "Part", arguments: Sequence[Any], shape: dict[str, Any]) -> list[Any]:
        # Somebody seen by another's eyes is no ordinary user: their rows are fewer.
        if any(getattr(one, "is_narrowed", False) for one in arguments):
            return list(part(self._build(*arguments, **shape)))
        template = self._template(part, tuple(one.__class__ for one in arguments), shape)
        values = [one.pk if isinstance(one, Model) else one for one in arguments]
        if self.is_checked:
            template.check(values, part(self._build(*arguments, **shape)))
        return template.rows(values)

    def _template(self, part: "Part", kinds: tuple[type, ...], shape: dict[str, Any]) -> "_Template":
        today = timezone.localdate()
        if self._day != today or len(self._templates) >= LIMIT:
            self._templates, self._day = {}, today
        key = part, kinds, *shape.items()
        if key not in self._templates:
            self._templates[key] = self._freeze(part, kinds, shape)
        return self._templates[key]

    def _freeze(self, part: "Part", kinds: tuple[type, ...], shape: dict[str, Any]) -> "_Template":
        markers = [_marker(kind, number) for number, kind in enumerate(kinds)]
        arguments = [kind(pk=at) if issubclass(kind, Model) else at for kind, at in zip(kinds, markers, strict=True)]
        return _Template(part(self._build(*arguments, **shape)), markers, is_prepared=self.is_prepared)


class Unprepared(Frozen):
    """Planned at each call: of tables that the session itself fills, where the plan of an empty one would stay."""

    is_prepared = False


frozen, unprepared = Frozen, Unprepared
Part = Callable[[QuerySet], QuerySet]


class _Listed:
    def __init__(self, query: Frozen, arguments: Sequence[Any], shape: dict[str, Any]) -> None:
        self._query, self._arguments, self._shape = query, arguments, shape

    def count(self) -> int:
        (number,) = self._query._rows(_number, self._arguments, self._shape)
        return number

    def __getitem__(self, part: slice) -> list[Any]:
        if part.start >= part.stop:  # an empty list has one page, of no row
            return []
        return self._query._rows(_Slice(part.start, part.stop), self._arguments, self._shape)


@dataclass(frozen=True, slots=True)
class _Slice:
    start: int
    stop: int

    def __call__(self, rows: QuerySet) -> QuerySet:
        return rows[self.start : self.stop]


def _whole(rows: QuerySet) -> QuerySet:
    return rows


def _number(rows: QuerySet) -> QuerySet:
    return rows.order_by().annotate(_all=Value(1)).values("_all").annotate(n=Count("pk")).values_list("n", flat=True)


def _marker(kind: type, number: int) -> Any:
    return MARKERS[uuid.UUID if issubclass(kind, Model) else kind](number)


class _Template:
    """The SQL, and which of its parameters are arguments. Raises TypeError when one is not sent as it is given."""

    def __init__(self, queryset: QuerySet, markers: Sequence[Any], *, is_prepared: bool) -> None:
        self._queryset, self._is_prepared = queryset, is_prepared
        self._compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self._sql, params = self._compiler.as_sql()
        self._params = tuple(params)
        compiler = self._compiler
        self._converters = compiler.get_converters([each[0] for each in compiler.select[: compiler.col_count]])
        self._places = [(place, markers.index(value)) for place, value in enumerate(params) if value in markers]
        self.types = [TYPES[type(value)] for value in markers]
        lost = set(range(len(markers))) - {argument for _place, argument in self._places}
        if lost:
            raise TypeError(f"Arguments {sorted(lost)} are not parameters of the query as they are given.")

    def rows(self, values: Sequence[Any]) -> list[Any]:
        connection: Any = connections[DEFAULT_DB_ALIAS]
        statement = connection.statement_of(self) if self._is_prepared else ""
        if not statement:
            return self._read(connection, self._sql, self._bound(values))
        try:
            return self._read(connection, statement, tuple(values))
        except DatabaseError:
            connection.forget_statements()  # a migration may have changed what it returns
            if connection.in_atomic_block:
                raise
            return self._read(connection, self._sql, self._bound(values))

    def body(self, connection: Any) -> str:
        """The SQL of a prepared statement: $1… where the arguments stand."""
        params: list[Any] = list(self._params)
        for place, argument in self._places:
            params[place] = _Place(argument + 1)
        with connection.cursor() as cursor:
            return cursor.mogrify(self._sql, params).decode()

    def _read(self, connection: Any, sql: str, params: tuple[Any, ...]) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            rows = cursor.fetchall()
        if not rows:
            return []

        def results(*_arguments: Any, tuple_expected: bool = False, **_options: Any) -> Iterator[Any]:
            if not self._converters:
                return iter(rows)
            found = compiler.apply_converters(rows, self._converters)
            return map(tuple, found) if tuple_expected else iter(found)

        asked = {"execute_sql": lambda *_arguments, **_options: None, "results_iter": results}
        compiler = _like(self._compiler, connection=connection, **asked)
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


@dataclass(frozen=True, slots=True)
class _Place:
    """Written by the driver as a parameter of a prepared statement."""

    number: int

    def __conform__(self, _protocol: Any) -> "_Place":
        return self

    def getquoted(self) -> bytes:
        return b"$%d" % self.number


def _like(one: T, **changes: Any) -> T:
    """A copy that shares everything but the changes; `copy` would run the query of a queryset."""
    other: Any = object.__new__(type(one))
    other.__dict__.update(one.__dict__, **changes)
    return other
