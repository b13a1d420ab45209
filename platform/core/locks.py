"""One at a time, where no row can be locked. The database takes the lock back when the transaction ends."""

from django.db import connection, transaction

from core.tenancy import current_schema


def one_at_a_time(name: str) -> None:
    """Queue behind whoever holds `name` in this schema, until the end of the current transaction."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("This lock lasts as long as a transaction: open one.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{name}:{current_schema()}"])
