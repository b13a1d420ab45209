"""What a frozen query (`core.frozen`) is for the database: its text, which of its parameters are arguments, and what is
made of the rows that come back.

Several go as one statement, the rows of each as a text of JSON: what JSON has no word for is read by the type of the
column, in a closed table.
"""

import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, TypeVar

import orjson
from django.core.exceptions import FieldError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, ValuesListIterable, get_related_populators

from core.postponed import Postponed

T = TypeVar("T")
# Values that no argument has, by type: the nth one.
MARKERS: dict[type, Callable[[int], Any]] = {
    uuid.UUID: lambda n: uuid.UUID(int=(0xF0 << 120) + n),
    str: lambda n: f"\ue000{n}\ue001",
    int: lambda n: 2**30 + 7919 * n,
    date: lambda n: date(1, 1, 1) + timedelta(days=n),
    datetime: lambda n: datetime(1, 2, 1, tzinfo=UTC) + timedelta(days=n),
}
TYPES = {uuid.UUID: "uuid", str: "text", int: "bigint", date: "date", datetime: "timestamptz"}
# What makes of a JSON value the one that the driver gives, by type of column; None: it is the same.
READERS: dict[str, Callable[[str], Any] | None] = {
    **dict.fromkeys(("varchar", "text", "boolean", "smallint", "integer", "bigint")),
    "uuid": uuid.UUID,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timestamp with time zone": datetime.fromisoformat,
}
NAMED = re.compile(r"%\((\w+)\)s")
AS_TEXT = "jsonb"  # Django reads these itself


def marker_of(kind: type, number: int) -> Any:
    return MARKERS[uuid.UUID if issubclass(kind, Model) else kind](number)


class Message:
    """SQL and which of its parameters are arguments, sent as it is or prepared."""

    sql: str
    params: tuple[Any, ...]
    places: list[tuple[int, int]]  # (place of a parameter, number of the argument)
    types: list[str]
    weight = 1
    is_prepared = True

    def fetched(self, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        connection: Any = connections[DEFAULT_DB_ALIAS]
        statement = connection.statement_of(self) if self.is_prepared else ""
        if not statement:
            return connection.fetch(self.sql, self.bound(values))
        try:
            return connection.fetch(statement, tuple(values))
        except DatabaseError:
            connection.forget_statements()  # a migration may have changed what it returns
            if connection.in_atomic_block:
                raise
            return connection.fetch(self.sql, self.bound(values))

    def body(self, connection: Any) -> str:
        """The SQL of a prepared statement: $1… where the arguments stand."""
        params: list[Any] = list(self.params)
        for place, argument in self.places:
            params[place] = _Place(argument + 1)
        with connection.cursor() as cursor:
            return cursor.mogrify(self.sql, params).decode()

    def bound(self, values: Sequence[Any]) -> tuple[Any, ...]:
        params = list(self.params)
        for place, argument in self.places:
            params[place] = values[argument]
        return tuple(params)


class Template(Message):
    """One query. Raises TypeError when an argument is not sent as it is given."""

    def __init__(self, queryset: QuerySet, markers: Sequence[Any]) -> None:
        self._queryset = queryset
        self._compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, params = self._compiler.as_sql()
        self.params = tuple(params)
        compiler = self._compiler
        self._is_of_tuples = queryset._iterable_class is ValuesListIterable
        self._instances = Instances(compiler) if _is_of_plain_rows(queryset) else None
        self._converters = compiler.get_converters([each[0] for each in compiler.select[: compiler.col_count]])
        self.places = [(place, markers.index(value)) for place, value in enumerate(params) if value in markers]
        self.types = [TYPES[type(value)] for value in markers]
        lost = set(range(len(markers))) - {argument for _place, argument in self.places}
        if lost:
            raise TypeError(f"Arguments {sorted(lost)} are not parameters of the query as they are given.")

    def made(self, rows: list[tuple[Any, ...]]) -> list[Any]:
        """What the queryset makes of the driver's rows."""
        if not rows or (self._is_of_tuples and not self._converters):
            return rows
        found = self._converted(rows)
        if self._instances is not None:
            return self._instances.of(found)

        def results(*_arguments: Any, tuple_expected: bool = False, **_options: Any) -> Iterator[Any]:
            return map(tuple, found) if tuple_expected else iter(found)

        asked = {"execute_sql": lambda *_arguments, **_options: None, "results_iter": results}
        compiler = _like(self._compiler, connection=connections[DEFAULT_DB_ALIAS], **asked)
        query = _like(self._queryset.query, get_compiler=lambda *_args, **_options: compiler)
        return list(_like(self._queryset, _query=query))

    def _converted(self, rows: list[tuple[Any, ...]]) -> Iterable[Any]:
        if not self._converters:
            return rows
        compiler = _like(self._compiler, connection=connections[DEFAULT_DB_ALIAS])
        return compiler.apply_converters(rows, self._converters)

    @cached_property
    def as_json(self) -> str:
        """Its rows as one text, a list of lists; NULL when there are none."""
        names = [f"c{number}" for number in range(len(self._columns))]
        values = [name + "::text" * (kind == AS_TEXT) for name, kind in zip(names, self._columns, strict=True)]
        row = f"json_build_array({', '.join(values)})"
        return f"(SELECT json_agg({row})::text FROM ({self.sql}) t({', '.join(names)}))"  # noqa: S608

    def of_json(self, text: str | None) -> list[tuple[Any, ...]]:
        """The driver's rows."""
        rows = orjson.loads(text) if text else []
        for place, read in self._readers:
            for row in rows:
                if row[place] is not None:
                    row[place] = read(row[place])
        return [tuple(row) for row in rows]

    @cached_property
    def _columns(self) -> list[str]:
        return [_type_of(each[0]) for each in self._compiler.select[: self._compiler.col_count]]

    @cached_property
    def _readers(self) -> list[tuple[int, Callable[[Any], Any]]]:
        readers = [(place, _reader(kind)) for place, kind in enumerate(self._columns)]
        return [(place, read) for place, read in readers if read]

    def check(self, values: Sequence[Any], anew: QuerySet) -> None:
        sql, params = anew.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        if (sql, tuple(params)) != (self.sql, self.bound(values)):
            raise AssertionError(f"More than its arguments makes this query:\n{sql}\n{params}\n{self.sql}")

    def check_rows(self, values: Sequence[Any], rows: list[tuple[Any, ...]]) -> None:
        """What came with others is what comes alone. Asked of the driver: nobody counts it."""
        with connections[DEFAULT_DB_ALIAS].create_cursor() as cursor:
            cursor.execute(self.sql, self.bound(values))
            alone = cursor.fetchall()
        if [_typed(row) for row in alone] != [_typed(row) for row in rows]:
            raise AssertionError(f"Asked with others, this query gives other rows:\n{self.sql}\n{rows}\n{alone}")


class Instances:
    """Rows of a model: what Django's `ModelIterable` works out anew for each of its results is known once."""

    def __init__(self, compiler: Any) -> None:
        info, select = compiler.klass_info, compiler.select
        places = info["select_fields"]
        self._own = slice(places[0], places[-1] + 1)
        self._model: type[Model] = info["model"]
        self._names = [each[0].target.attname for each in select[self._own]]
        # Of Django 5.2; the stubs are of the next one.
        self._populators: list[Any] = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
        self._annotations = list(compiler.annotation_col_map.items())

    def of(self, rows: Iterable[Any]) -> list[Model]:
        made = []
        for row in rows:
            one = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._own])
            for populator in self._populators:
                populator.populate(row, one)
            for name, place in self._annotations:
                setattr(one, name, row[place])
            made.append(one)
        return made


def _is_of_plain_rows(queryset: Any) -> bool:
    is_related = queryset._known_related_objects or queryset._prefetch_related_lookups
    return queryset._iterable_class is ModelIterable and not is_related


class Written(Message):
    """A statement of our own: `fetched` if it gives rows, `later` if nobody reads any. Its arguments are given in the
    order of `types`, which says of each what PostgreSQL takes it for; they stand in the text by name, as often as need
    be: `%(name)s`.
    """

    def __init__(self, sql: str, **types: str) -> None:
        names = list(types)
        stand = NAMED.findall(sql)
        self.sql, self.types = NAMED.sub("%s", sql), list(types.values())
        self.params = (None,) * len(stand)
        self.places = [(place, names.index(name)) for place, name in enumerate(stand)]

    def later(self, values: Sequence[Any]) -> None:
        """Whatever it gives, nobody reads: in a transaction it leaves with the next statement (`Postponed`)."""
        connection: Any = connections[DEFAULT_DB_ALIAS]
        statement = connection.statement_of(self)
        connection.later(Postponed(statement or self.sql), tuple(values) if statement else self.bound(values))


class Together(Message):
    """Several queries as one, of one row: the rows of each as text."""

    def __init__(self, templates: Sequence[Template]) -> None:
        self.templates = templates
        self.sql = f"SELECT {', '.join(template.as_json for template in templates)}"
        self.params, self.places, self.types = (), [], []
        for template in templates:
            before, given = len(self.params), len(self.types)
            self.places += [(before + place, given + argument) for place, argument in template.places]
            self.params += template.params
            self.types += template.types
        self.weight = len(templates)

    def found(self, values: Sequence[Any]) -> list[list[tuple[Any, ...]]]:
        (row,) = self.fetched(values)
        return [template.of_json(text) for template, text in zip(self.templates, row, strict=True)]


def _type_of(expression: Any) -> str:
    """Of a column, as PostgreSQL names it without its length."""
    try:
        named = expression.output_field.db_type(connections[DEFAULT_DB_ALIAS]) or ""
    except FieldError:
        named = ""
    kind, _length, after = named.partition("(")
    kind += "[]" * after.endswith("[]")
    if kind.removesuffix("[]") not in READERS and kind != AS_TEXT:
        raise TypeError(f"A column of type {named!r} can't be asked with others: {expression}")
    return kind


def _reader(kind: str) -> Callable[[Any], Any] | None:
    read = READERS.get(kind.removesuffix("[]"))
    if read is None or not kind.endswith("[]"):
        return read
    return lambda values: [None if value is None else read(value) for value in values]


def _typed(values: Iterable[Any]) -> list[tuple[type, Any]]:
    return [(type(value), value) for value in values]


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
