"""Driver cursors that carry the commune with each statement.

`SET LOCAL` and the statement travel as one message, which is one implicit transaction: when it ends, the session falls
back to its own empty path. No state is kept, so none can go stale (rollback, savepoint, reconnect, thread).
"""

import re
from typing import Any

import psycopg2.extensions
from psycopg2 import sql as composable

# In a failed transaction a SET would fail too, and the rollback never be reached.
BARE = re.compile(r"\s*(SAVEPOINT|RELEASE|ROLLBACK)\b", re.IGNORECASE)
# PostgreSQL refuses these in a message of several statements.
ALONE = re.compile(
    r"\s*((CREATE|DROP)\s+(UNIQUE\s+)?INDEX\s+CONCURRENTLY|REINDEX|VACUUM|(CREATE|DROP)\s+DATABASE|ALTER\s+SYSTEM)\b",
    re.IGNORECASE,
)


class RefusedByEngineError(NotImplementedError):
    """This driver call can't carry the commune."""


class _CommuneCursor(psycopg2.extensions.cursor):
    wrapper: Any = None  # the DatabaseWrapper; set by create_cursor

    def _text(self, query: Any) -> str:
        if isinstance(query, composable.Composable):
            return query.as_string(self)
        return query.decode() if isinstance(query, bytes) else query

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        raise RefusedByEngineError("Use execute() or copy_expert(): they carry the commune.")

    copy_from = copy_to = callproc = _refuse


class Cursor(_CommuneCursor):
    def _fused(self, query: Any) -> str:
        text = self._text(query)
        if not BARE.match(text):
            return self.wrapper.message_prefix() + text
        if ";" in text.rstrip("; \n"):
            # What follows ROLLBACK TO would run in the commune of the savepoint, not in this one.
            raise RefusedByEngineError("A savepoint's statement goes alone.")
        return text

    def execute(self, query: Any, params: Any = None) -> None:
        text = self._text(query)
        # Inside a transaction PostgreSQL refuses most of them by itself, and takes REINDEX with company.
        if self.connection.autocommit and ALONE.match(text):
            return self._execute_alone(text, params)
        return super().execute(self._fused(text), params)

    def executemany(self, query: Any, rows: Any) -> None:
        # The driver's C code does not pass by execute().
        return super().executemany(self._fused(query), rows)

    def copy_expert(self, query: Any, file: Any, size: int = 8192) -> None:
        return super().copy_expert(self._fused(query), file, size)

    def _execute_alone(self, text: str, params: Any) -> None:
        super().execute(self.wrapper.session_prefix())
        try:
            super().execute(text, params)
        finally:
            if not self.connection.closed:
                super().execute("RESET ROLE; RESET search_path")


class NamedCursor(_CommuneCursor):
    """`.iterator()`: the driver builds DECLARE by itself, so we send ours and let it FETCH."""

    def execute(self, query: Any, params: Any = None) -> None:
        hold = "WITH HOLD " if self.withhold else ""
        name = psycopg2.extensions.quote_ident(str(self.name), self)
        declare = f"DECLARE {name} NO SCROLL CURSOR {hold}FOR {self._text(query)}"
        with self.connection.cursor(cursor_factory=psycopg2.extensions.cursor) as plain:
            plain.execute(self.wrapper.message_prefix() + declare, params)

    executemany = copy_expert = _CommuneCursor._refuse
