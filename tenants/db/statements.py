"""Statements that a session has prepared, by commune: to plan a query of a busy page takes PostgreSQL seven times as
long as to run it.

A plan is of one commune's tables, so a statement has a name for each commune. Role and path travel with EXECUTE as with
any other statement: PostgreSQL checks the rights of the role at each run, and would plan anew under another path.
"""

import itertools
from collections import OrderedDict
from typing import Any, NamedTuple, Protocol


class Query(Protocol):
    types: list[str]  # of the arguments
    weight: int  # how many queries it holds

    def body(self, connection: Any) -> str:
        """The text, with $1, $2… where the arguments stand."""


class _Prepared(NamedTuple):
    name: str
    run: str  # the statement that runs it, a `%s` for each argument


MET_ONCE = _Prepared("", "")  # sent as it was
NUMBERS = itertools.count(1)  # a name is never given twice to a session, whatever it was told to forget


class Statements:
    """Of one session. `limit`: how many queries it keeps, the least used are given back; 0 prepares nothing."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._weight = 0
        self._met: OrderedDict[tuple[str, Query], _Prepared] = OrderedDict()
        self._given_back: list[str] = []

    def text_of(self, schema: str, query: Query, connection: Any) -> str:
        """What to send, with a `%s` for each argument; empty when the query goes as it is.

        A query is prepared the second time it is met: most communes ask once and leave.
        """
        key = schema, query
        kept = self._met.get(key)
        if kept is None:
            self._remember(key)
            return ""
        self._met.move_to_end(key)
        if kept.name:
            return self._farewell() + kept.run if self._given_back else kept.run
        name = f"q{next(NUMBERS)}"
        declared = f"({','.join(query.types)})" if query.types else ""
        places = f"({','.join(['%s'] * len(query.types))})" if query.types else ""
        kept = self._met[key] = _Prepared(name, f"EXECUTE {name}{places}")
        body = query.body(connection).replace("%", "%%")
        return f"{self._farewell()}PREPARE {name}{declared} AS {body};{kept.run}"

    def _remember(self, key: tuple[str, Query]) -> None:
        self._met[key] = MET_ONCE
        self._weight += key[1].weight
        while self._weight > self._limit:
            (_schema, query), kept = self._met.popitem(last=False)
            self._weight -= query.weight
            if kept.name:
                self._given_back.append(kept.name)

    def _farewell(self) -> str:
        if not self._given_back:
            return ""
        said = "".join([f"DEALLOCATE {name};" for name in self._given_back])
        self._given_back = []
        return said
