"""Which commune this thread works for. The only door by which code changes it."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db import connection as django_connection

from core.errors import NotInACommune

PUBLIC = "public"
connection: Any = django_connection  # the engine is ours (tenants.db), which this room may not import
_of_this_thread: Any = connections  # `connection` without its detour: a page asks twenty times


def current_schema() -> str:
    return _of_this_thread[DEFAULT_DB_ALIAS].schema_name


def is_public() -> bool:
    return _of_this_thread[DEFAULT_DB_ALIAS].schema_name == PUBLIC


def require_commune() -> str:
    """The commune's schema, or `NotInACommune`."""
    if is_public():
        raise NotInACommune("This code belongs to a commune and none is set.")
    return connection.schema_name


def in_schema(schema: str) -> AbstractContextManager[None]:
    """Work in `schema` (a commune's, or `public`), then come back to where we were.

    Querysets are lazy: evaluate them inside, and yield nothing from inside (a generator left half-read keeps its
    context open). Kept on the thread's connection and not on a class, so that two threads can't swap communes.
    """
    return _Visit(schema)


def in_public() -> AbstractContextManager[None]:
    """Work as the academy."""
    return _Visit(PUBLIC)


class _Visit(AbstractContextManager[None]):
    """Each request makes one or two: as a generator it would cost three times as much."""

    __slots__ = ("_before", "_schema")

    def __init__(self, schema: str) -> None:
        self._schema = schema

    def __enter__(self) -> None:
        thread = _of_this_thread[DEFAULT_DB_ALIAS]
        self._before = thread.tenant
        thread.set_schema(self._schema)

    def __exit__(self, *_error: object) -> None:
        _of_this_thread[DEFAULT_DB_ALIAS].set_tenant(self._before)


def each_commune(schemas: Iterable[str]) -> Iterator[str]:
    """The names, one by one, in a database session that doesn't swell: for loops over the fleet outside requests.

        for schema in each_commune(schemas):
            with in_schema(schema):
                ...

    The context is the caller's, so that a `break` or an exception closes it. In a transaction nothing is renewed.
    """
    for schema in schemas:
        connection.renew_if_long()
        yield schema
