"""Which commune this thread works for. The only door by which code changes it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
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


@contextmanager
def in_schema(schema: str) -> Iterator[None]:
    """Work in `schema` (a commune's, or `public`), then come back to where we were.

    Querysets are lazy: evaluate them inside, and yield nothing from inside (a generator left half-read keeps its
    context open). Kept on the thread's connection and not on a class, so that two threads can't swap communes.
    """
    before = connection.tenant
    connection.set_schema(schema)
    try:
        yield
    finally:
        connection.set_tenant(before)


@contextmanager
def in_public() -> Iterator[None]:
    """Work as the academy."""
    with in_schema(PUBLIC):
        yield


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
