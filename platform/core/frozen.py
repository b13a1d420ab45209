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

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import update_wrapper
from typing import Any

from django.db.models import Count, Model, QuerySet, Value

from core.frozen_sql import Template, Together, marker_of
from core.today import today

LIMIT = 200  # texts kept of one query


class Frozen:
    """Arguments: rows of a model (their key alone counts), and values of the types of `core.frozen_sql.MARKERS`."""

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

    def in_pages(self, *arguments: Any, shown: "Part | None" = None, **shape: Any) -> "_Listed":
        """For a Paginator: it counts the rows, and takes some of them. `shown`: what is read of these, once they are
        chosen. In one query the database would read it of all the others too."""
        return _Listed(self, shown, arguments, shape)

    def template(self, part: "Part", kinds: tuple[type, ...], shape: dict[str, Any]) -> "Template":
        key = part, kinds, *shape.items()
        return self._templates.get(key, lambda: self._freeze(part, kinds, shape))

    def _freeze(self, part: "Part", kinds: tuple[type, ...], shape: dict[str, Any]) -> "Template":
        markers = [marker_of(kind, number) for number, kind in enumerate(kinds)]
        arguments = [kind(pk=at) if issubclass(kind, Model) else at for kind, at in zip(kinds, markers, strict=True)]
        template = Template(part(self._build(*arguments, **shape)), markers)
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

    return Asked(tuple([question for one in parts for question in one._questions]), read)


def together(*asked: Any) -> list[Any]:
    """The value of each, for one message to the database. Raises TypeError for a column that
    `core.frozen_sql.READERS` lacks."""
    if len(asked) == 1 and isinstance(asked[0], Asked):
        (one,) = asked
        return [one._read(_rows(one._questions))]
    all_of_them = beside(*asked)
    return all_of_them._read(_rows(all_of_them._questions))


def _known(value: Any) -> Asked:
    return Asked((), lambda _rows: value)


def _asked(question: "_Question") -> Asked:
    return Asked((question,), lambda rows: rows[0])


@dataclass(slots=True)  # not frozen, which costs each of its fields a call
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
    def text(self) -> Any:
        """What its text depends on."""
        return self.query, self.part, tuple([one.__class__ for one in self.arguments]), *self.shape.items()

    @property
    def template(self) -> "Template":
        return self.query.template(self.part, tuple([one.__class__ for one in self.arguments]), self.shape)

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
    narrowed = [one.is_narrowed for one in questions]
    ordinary = [one for one, apart in zip(questions, narrowed, strict=True) if not apart]
    if len(ordinary) < 2:
        return [one.rows() for one in questions]
    message = _messages.get(tuple([one.text for one in ordinary]), lambda: Together([one.template for one in ordinary]))
    values = [one.values for one in ordinary]
    found = message.found([value for each in values for value in each])
    if Frozen.is_checked:
        for one, template, given, rows in zip(ordinary, message.templates, values, found, strict=True):
            template.check(given, one.anew())
            template.check_rows(given, rows)
    made = iter([template.made(rows) for template, rows in zip(message.templates, found, strict=True)])
    return [one.rows() if apart else next(made) for one, apart in zip(questions, narrowed, strict=True)]


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
    def __init__(self, query: Frozen, shown: "Part | None", arguments: Sequence[Any], shape: dict[str, Any]) -> None:
        self._query, self._shown = query, shown
        self._asked = arguments, shape
        self._count: int | None = None
        self._ahead: list[Any] = []
        self._size = 0

    def ahead(self, size: int) -> Asked:
        """How many there are, and the first page of `size` rows: what a Paginator will want."""

        def keep(found: list[Any]) -> "_Listed":
            (self._count,), self._ahead = found
            self._size = size
            return self

        return beside(_asked(self._number()), _asked(self._slice(0, size))).then(keep)

    def first(self, count: int) -> Asked:
        """Its first rows, to be sent with others."""
        return _asked(self._slice(0, count))

    def count(self) -> int:
        if self._count is None:
            (self._count,) = self._number().rows()
        return self._count

    def __getitem__(self, part: slice) -> list[Any]:
        if part.start >= part.stop:  # an empty list has one page, of no row
            return []
        if part.stop <= self._size:
            return self._ahead[part]
        return self._slice(part.start, part.stop).rows()

    def _number(self) -> _Question:
        return _Question(self._query, _number, *self._asked)

    def _slice(self, start: int, stop: int) -> _Question:
        return _Question(self._query, _Slice(start, stop, self._shown), *self._asked)


@dataclass(frozen=True, slots=True)
class _Slice:
    start: int
    stop: int
    shown: Part | None

    def __call__(self, rows: QuerySet) -> QuerySet:
        some = rows[self.start : self.stop]
        if self.shown is None:
            return some
        ordered = rows.model._default_manager.filter(pk__in=some).order_by(
            *rows.query.order_by or rows.model._meta.ordering
        )
        return self.shown(ordered)


def _whole(rows: QuerySet) -> QuerySet:
    return rows


def _number(rows: QuerySet) -> QuerySet:
    return rows.order_by().annotate(_all=Value(1)).values("_all").annotate(n=Count("pk")).values_list("n", flat=True)
