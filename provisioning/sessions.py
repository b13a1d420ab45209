"""The owner's session, and locks that name what they keep apart."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection as django_connection

connection: Any = django_connection  # our engine, which knows of an owner


@contextmanager
def owner() -> Iterator[None]:
    """Work as the login that owns all tables; nested, the same session goes on."""
    if connection.is_owner:
        yield
        return
    with connection.as_owner():
        yield


@contextmanager
def only_one(what: str, *, wait: bool = False) -> Iterator[bool]:
    """A lock of the current session on `what`: yields whether it was got. A killed process gives it back.

    Never inside a transaction: the lock must outlive the commits made under it.
    """
    key = f"provisioning:{what}"
    got = _ask("pg_advisory_lock" if wait else "pg_try_advisory_lock", key) is not False
    try:
        yield got
    finally:
        # A session that was lost, or closed with its lock, has nothing to give back.
        if got and connection.connection is not None and not connection.connection.closed:
            _ask("pg_advisory_unlock", key)


def is_held(what: str) -> bool:
    """Whether some session holds the lock on `what` at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1"
            " AND ((classid::bigint << 32) | objid::bigint) = hashtextextended(%s, 0)"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [f"provisioning:{what}"],
        )
        return cursor.fetchone()[0]


def _ask(function: str, key: str) -> bool | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [key])
        return cursor.fetchone()[0]
