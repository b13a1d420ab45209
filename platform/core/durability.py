"""Many transactions, one wait for the disk: a file of a town's thirty is written in less time than the disk takes to
say that it has it.
"""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction


def commit_without_waiting() -> None:
    """The current transaction's commit is seen by all at once, and on the disk within the second. A server that loses
    its power meanwhile loses it whole, never half: whoever calls says nothing is done before `wait_for_the_disk`, or
    has done nothing that anybody would miss.
    """
    session: Any = connections[DEFAULT_DB_ALIAS]
    if not session.in_atomic_block:
        raise transaction.TransactionManagementError("There is no transaction to commit: open one.")
    session.postpone("SET LOCAL synchronous_commit = off")


def wait_for_the_disk() -> None:
    """All that this session committed is on the disk: a commit that writes something, after the others in the log."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_logical_emit_message(true, 'ent', '')")
