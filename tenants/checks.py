"""What the database must be for the walls to stand. Asked with `manage.py check --database default` and at start-up."""

from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg2
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from core.checks import OURS

# Who asks when. Irregular: a pooler that serves its backends in turn would give each its own by accident.
TURNS = (0, 1, 1, 0, 0, 0, 1, 1, 0, 1)


@register(OURS, Tags.database)
def pooler_keeps_sessions(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Advisory locks, holdable cursors and LISTEN live in one session: a transaction-mode pooler is refused.

    Behind such a pooler a third of the reads came from another commune with the ordinary backend, without an error.
    """

    def look() -> list[CheckMessage]:
        if sessions_are_shared(_connect):
            message = "A pooler in transaction mode stands before PostgreSQL: use session mode, or none."
            return [Error(message, id="ent.E010")]
        return []

    return _when_it_answers(databases, look)


def sessions_are_shared(connect: Callable[[], Any]) -> bool:
    """Two clients take turns: each must always find its own backend, and never the other's.

    One client alone would find the same one each time, for nobody else would take it.
    """
    with closing(connect()) as one, closing(connect()) as two:
        sessions, seen = (one, two), (set[int](), set[int]())
        for turn in TURNS:
            seen[turn].add(_ask(sessions[turn], "SELECT pg_backend_pid()")[0])
    return len(seen[0]) > 1 or len(seen[1]) > 1 or bool(seen[0] & seen[1])


@register(OURS, Tags.database)
def login_has_no_right_of_its_own(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """A superuser passes every wall; a login that inherits reads all the communes at once."""

    def look() -> list[CheckMessage]:
        with closing(_connect()) as session:
            rights = _ask(
                session,
                "SELECT rolsuper, rolbypassrls, rolinherit, rolcreaterole FROM pg_roles WHERE rolname = session_user",
            )
        if any(rights):
            return [Error("The runtime login must have no right of its own, nor inherit any.", id="ent.E011")]
        return []

    if not settings.ENT_COMMUNE_ROLES or getattr(connection, "is_owner", False):
        return []
    return _when_it_answers(databases, look)


def _when_it_answers(databases: Any, look: Callable[[], list[CheckMessage]]) -> list[CheckMessage]:
    if not databases:
        return []
    try:
        return look()
    except psycopg2.OperationalError:
        # A database that is away stops no process: its pages say so, and come back with it.
        return [checks.Warning("The database does not answer: its checks were not made.", id="ent.W010")]


def _connect() -> Any:
    session = psycopg2.connect(**connection.get_connection_params())
    session.autocommit = True
    return session


def _ask(session: Any, statement: str) -> Any:
    with closing(session.cursor()) as cursor:
        cursor.execute(statement)
        return cursor.fetchone()
