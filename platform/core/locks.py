"""One at a time, where no row can be locked. The database takes the lock back when the transaction ends."""

from django.db import connection, transaction

from core.frozen_sql import Written
from core.tenancy import current_schema

LOCK = Written("SELECT pg_advisory_xact_lock(hashtextextended(%(name)s, 0))", name="text")


def one_at_a_time(name: str) -> None:
    """Queue behind whoever holds `name` in this schema, until the end of the current transaction."""
    LOCK.fetched([_named(name)])


def one_at_a_time_next(name: str) -> None:
    """The same for what waits after it (`Postponed`): both leave in one message, and what is read there is read once
    the lock is held, for each statement of a message has its own moment.
    """
    LOCK.later([_named(name)])


def _named(name: str) -> str:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("This lock lasts as long as a transaction: open one.")
    return f"{name}:{current_schema()}"
