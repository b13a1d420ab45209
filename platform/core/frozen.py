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

Several go in one message, which costs little more than one of them:

    children, latest = together(_children.asked(user), _latest.asked(user, now))

All are of one moment: what must be read after a lock is taken is asked after it.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, update_wrapper
from typing import Any, TypeVar

import orjson
from django.core.exceptions import FieldError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.models import Count, Model, QuerySet, Value

from core.today import today

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
# What makes of a JSON value the one that the driver gives, by type of column; None: it is the same.
READERS: dict[str, Callable[[str], Any] | None] = {
    **dict.fromkeys(("varchar", "text", "boolean", "smallint", "integer", "bigint")),
    "uuid": uuid.UUID,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timestamp with time zone": datetime.fromisoformat,
}
AS_TEXT = "jsonb"  # Django reads these itself


class Frozen:
    """Arguments: rows of a model (their key alone counts), and values of the types of MARKERS."""

    is_checked = False
    is_prepared = True

    def __init__(self, build: Callable[..., QuerySet]) -> None:
        self._build = build
        self._templates = _OfTheDay()
        update_wrapper(self, build)

    def __call__(self, *arguments: Any, **shape: Any) -> list[Any]:
        return _Question(self, _whole, arguments, shape).rows()

    def asked(self, *arguments: Any, **shape: Any) -> "Asked":
        """The same, to be sent with others: its value is the list."""
        return _asked(_Question(self, _whole, arguments, shape))

    def in_pages(self, *arguments: Any, **shape: Any) -> "_Listed":
        """For a Paginator: it counts the rows, and takes some of them."""
        return _Listed(self, arguments, shape)

    def template(self, part: "Part", kinds: tuple[type, ...], shape: dict[str, Any]) -> "_Template":
        key = part, kinds, *shape.items()
        return self._templates.get(key, lambda: self._freeze(part, kinds, shape))

    def _freeze(self, part: "Part", kinds: tuple[type, ...], shape: dict[str, Any]) -> "_Template":
        markers = [_marker(kind, number) for number, kind in enumerate(kinds)]
        arguments = [kind(pk=at) if issubclass(kind, Model) else at for kind, at in zip(kinds, markers, strict=True)]
        template = _Template(part(self._build(*arguments, **shape)), markers)
        template.is_prepared = self.is_prepared
        return template


class Unprepared(Frozen):
    """Planned at each call: of tables that the session itself fills, where the plan of an empty one would stay."""

    is_prepared = False


frozen, unprepared = Frozen, Unprepared
Part = Callable[[QuerySet], QuerySet]


class Asked:
    """Queries not sent yet, and what is made of their rows."""

    def __init__(self, questions: "tuple[_Question, ...]", read: Callable[[Sequence[list[Any]]], Any]) -> None:
        self._questions, self._read = questions, read

    def then(self, make: Callable[[Any], Any]) -> "Asked":
        """Its value goes through `make`."""
        return Asked(self._questions, lambda rows: make(self._read(rows)))


def beside(*asked: Any) -> Asked:
    """All of them as one: its value is the list of theirs. What is not asked stands there as it is."""
    parts = [one if isinstance(one, Asked) else _known(one) for one in asked]

    def read(rows: Sequence[list[Any]]) -> list[Any]:
        left = iter(rows)
        return [one._read([next(left) for _question in one._questions]) for one in parts]

    return Asked(tuple(question for one in parts for question in one._questions), read)


def together(*asked: Any) -> list[Any]:
    """The value of each, for one message to the database. Raises TypeError for a column that READERS lacks."""
    all_of_them = beside(*asked)
    return all_of_them._read(_rows(all_of_them._questions))


def _known(value: Any) -> Asked:
    return Asked((), lambda _rows: value)


def _asked(question: "_Question") -> Asked:
    return Asked((question,), lambda rows: rows[0])


@dataclass(frozen=True, slots=True)
class _Question:
    query: Frozen
    part: "Part"
    arguments: Sequence[Any]
    shape: dict[str, Any]

    @property
    def is_narrowed(self) -> bool:
        """Somebody seen by another's eyes is no ordinary user: their rows are fewer."""
        return any(getattr(one, "is_narrowed", False) for one in self.arguments)

    @property
    def template(self) -> "_Template":
        return self.query.template(self.part, tuple(one.__class__ for one in self.arguments), self.shape)

    @property
    def values(self) -> list[Any]:
        return [one.pk if isinstance(one, Model) else one for one in self.arguments]

    def anew(self) -> QuerySet:
        return self.part(self.query._build(*self.arguments, **self.shape))

    def rows(self) -> list[Any]:
        if self.is_narrowed:
            return list(self.anew())
        template, values = self.template, self.values
        if Frozen.is_checked:
            template.check(values, self.anew())
        return template.made(template.fetched(values))


def _rows(questions: Sequence[_Question]) -> list[list[Any]]:
    ordinary = [one for one in questions if not one.is_narrowed]
    if len(ordinary) < 2:
        return [one.rows() for one in questions]
    templates = tuple(one.template for one in ordinary)
    values = [one.values for one in ordinary]
    message = _messages.get(templates, lambda: _Together(templates))
    found = message.found([value for each in values for value in each])
    if Frozen.is_checked:
        for one, template, given, rows in zip(ordinary, templates, values, found, strict=True):
            template.check(given, one.anew())
            template.check_rows(given, rows)
    made = iter([template.made(rows) for template, rows in zip(templates, found, strict=True)])
    return [one.rows() if one.is_narrowed else next(made) for one in questions]


class _OfTheDay:
    """What was built today: `on()` and its like read the date."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._items: dict[Any, Any] = {}

    def get(self, key: Any, build: Callable[[], Any]) -> Any:
        day = today()
        if self._day != day or len(self._items) >= LIMIT:
            self._items, self._day = {}, day
        item = self._items.get(key)
        if item is None:
            item = self._items[key] = build()
        return item


_messages = _OfTheDay()


class _Listed:
    def __init__(self, query: Frozen, arguments: Sequence[Any], shape: dict[str, Any]) -> None:
        self._asked = query, arguments, shape
        self._count: int | None = None
        self._ahead: list[Any] = []
        self._size = 0

    def ahead(self, size: int) -> Asked:
        """How many there are, and the first page of `size` rows: what a Paginator will want."""

        def keep(found: list[Any]) -> "_Listed":
            (self._count,), self._ahead = found
            self._size = size
            return self

        return beside(_asked(self._question(_number)), _asked(self._question(_Slice(0, size)))).then(keep)

    def first(self, count: int) -> Asked:
        """Its first rows, to be sent with others."""
        return _asked(self._question(_Slice(0, count)))

    def count(self) -> int:
        if self._count is None:
            (self._count,) = self._question(_number).rows()
        return self._count

    def __getitem__(self, part: slice) -> list[Any]:
        if part.start >= part.stop:  # an empty list has one page, of no row
            return []
        if part.stop <= self._size:
            return self._ahead[part]
        return self._question(_Slice(part.start, part.stop)).rows()

    def _question(self, part: "Part") -> _Question:
        query, arguments, shape = self._asked
        return _Question(query, part, arguments, shape)


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


class _Message:
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


class _Template(_Message):
    """One query. Raises TypeError when an argument is not sent as it is given."""

    def __init__(self, queryset: QuerySet, markers: Sequence[Any]) -> None:
        self._queryset = queryset
        self._compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, params = self._compiler.as_sql()
        self.params = tuple(params)
        compiler = self._compiler
        self._converters = compiler.get_converters([each[0] for each in compiler.select[: compiler.col_count]])
        self.places = [(place, markers.index(value)) for place, value in enumerate(params) if value in markers]
        self.types = [TYPES[type(value)] for value in markers]
        lost = set(range(len(markers))) - {argument for _place, argument in self.places}
        if lost:
            raise TypeError(f"Arguments {sorted(lost)} are not parameters of the query as they are given.")

    def made(self, rows: list[tuple[Any, ...]]) -> list[Any]:
        """What the queryset makes of the driver's rows."""
        if not rows:
            return []

        def results(*_arguments: Any, tuple_expected: bool = False, **_options: Any) -> Iterator[Any]:
            if not self._converters:
                return iter(rows)
            found = compiler.apply_converters(rows, self._converters)
            return map(tuple, found) if tuple_expected else iter(found)

        asked = {"execute_sql": lambda *_arguments, **_options: None, "results_iter": results}
        compiler = _like(self._compiler, connection=connections[DEFAULT_DB_ALIAS], **asked)
        query = _like(self._queryset.query, get_compiler=lambda *_args, **_options: compiler)
        return list(_like(self._queryset, _query=query))

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


class _Together(_Message):
    """Several queries as one, of one row: the rows of each as text."""

    def __init__(self, templates: Sequence[_Template]) -> None:
        self._templates = templates
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
        return [template.of_json(text) for template, text in zip(self._templates, row, strict=True)]


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
