from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connection


@register(Tags.database, deploy=True)
def pooler_keeps_sessions(databases: Any = None, **kwargs: Any) -> list[Error]:
    """Advisory locks, holdable cursors and LISTEN live in one session: a transaction-mode pooler is refused.

    Behind such a pooler a third of the reads came from another commune with the ordinary backend, without an error.
    """
    if not databases:
        return []
    with connection.temporary_connection() as cursor:
        first = _marked_session(cursor)
        return [] if first else [Error("A transaction-mode pooler stands before PostgreSQL.", id="ent.E010")]


def _marked_session(cursor: Any) -> bool:
    """A session-level setting must still be there, from the same backend, a few transactions later."""
    cursor.execute("SELECT pg_backend_pid(), set_config('ent.session_mark', 'here', false)")
    pid = cursor.fetchone()[0]
    for _attempt in range(5):
        cursor.execute("SELECT pg_backend_pid(), current_setting('ent.session_mark', true)")
        if cursor.fetchone() != (pid, "here"):
            return False
    return True


@register(Tags.database)
def roles_setting_is_known(**kwargs: Any) -> list[Error]:
    if not isinstance(settings.ENT_COMMUNE_ROLES, bool):
        return [Error("ENT_COMMUNE_ROLES is true (default) or false (under Citus).", id="ent.E011")]
    return []
