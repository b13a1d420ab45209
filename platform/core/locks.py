"""One at a time, where no row can be locked. The database takes the lock back when the transaction ends."""

from typing import Any

from django.db import connection, transaction

from core.tenancy import current_schema


def one_at_a_time(name: str, then: str = "") -> list[Any]:
    """Queue behind whoever holds `name` in this schema, until the end of the current transaction.

    `then`: a SELECT of constant text that goes in the same message, and reads what is there once the lock is held (each
    statement of a message has its own moment). Returns its rows.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("This lock lasts as long as a transaction: open one.")
    with connection.cursor() as cursor:
        lock = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
        cursor.execute(f"{lock};{then}" if then else lock, [f"{name}:{current_schema()}"])
        return cursor.fetchall() if then else []
