"""Many transactions, one wait for the disk: a file of a town's thirty is written in less time than the disk takes to
say that it has it.
"""

from django.db import connection


def commit_without_waiting() -> None:
    """The current transaction's commit is seen by all at once, and on the disk within the second. Whoever calls says
    nothing is done before `wait_for_the_disk`: a server that loses its power meanwhile loses it whole, never half.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def wait_for_the_disk() -> None:
    """All that this session committed is on the disk: a commit that writes something, after the others in the log."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_logical_emit_message(true, 'ent', '')")
