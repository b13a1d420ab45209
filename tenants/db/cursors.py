"""Driver cursors that carry the commune with each statement.

`SET LOCAL` and the statement travel as one message, which is one implicit transaction: when it ends, the session falls
back to its own empty path. No state is kept, so none can go stale (rollback, savepoint, reconnect, thread).

A transaction's BEGIN travels with its first statement, its writes without an answer with the next one (ADR 41).
"""

import re
from typing import Any

import psycopg2.extensions
from psycopg2 import sql as composable

from core.postponed import Postponed

# In a failed transaction a SET would fail too, and the rollback never be reached.
BARE = re.compile(r"\s*(SAVEPOINT|RELEASE|ROLLBACK)\b", re.IGNORECASE)
BACK = re.compile(r"\s*ROLLBACK\b", re.IGNORECASE)
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

    def _message(self, query: Any, *, has_params: bool = False) -> str:
        """The statement after all that goes before it. With parameters, the driver looks for places in the whole."""
        text = self._text(query)
        prefix = self._prefix(text)
        opening = self.wrapper.opening(prefix)
        return (opening.replace("%", "%%") if has_params else opening) + text

    def _prefix(self, text: str) -> str:
        """Of the commune; none for a savepoint's statement, which goes alone."""
        if not BARE.match(text):
            self.wrapper.note(text)
            return self.wrapper.message_prefix()
        if ";" in text.rstrip("; \n"):
            # What follows ROLLBACK TO would run in the commune of the savepoint, not in this one.
            raise RefusedByEngineError("A savepoint's statement goes alone.")
        if BACK.match(text):
            self.wrapper.lose_waiting()
        return ""

    copy_from = copy_to = callproc = _refuse


class Cursor(_CommuneCursor):
    _postponed: bytes | None = None

    @property
    def query(self) -> bytes | None:
        """What was sent last, or is to be, for whoever watches the statements."""
        return self._postponed or super().query

    def execute(self, query: Any, params: Any = None) -> None:
        text = self._text(query)
        if self.wrapper.autocommit:
            if ALONE.match(text):
                self._execute_alone(text, params)
                return
        elif isinstance(query, Postponed):
            self.wrapper.note(text)
            self._postponed = self.mogrify(text, params)
            self.wrapper.postpone(self._postponed.decode())
            return
        self._postponed = None
        # Inside a transaction PostgreSQL refuses most of ALONE by itself, and takes REINDEX with company.
        super().execute(self._message(text, has_params=params is not None), params)
        self.wrapper.sent()

    def executemany(self, query: Any, rows: Any) -> None:
        # The driver's C code does not pass by execute(), and sends a message for each row.
        text = self._text(query)
        fused = self._prefix(text) + text
        if opening := self.wrapper.opening():
            super().execute(opening)
            self.wrapper.sent()
        return super().executemany(fused, rows)

    def copy_expert(self, query: Any, file: Any, size: int = 8192) -> None:
        super().copy_expert(self._message(query), file, size)
        self.wrapper.sent()

    def _execute_alone(self, text: str, params: Any) -> None:
        self.wrapper.note(text)
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
        message = self._message(declare, has_params=params is not None)
        with self.connection.cursor(cursor_factory=psycopg2.extensions.cursor) as plain:
            plain.execute(message, params)
        self.wrapper.sent()

    executemany = copy_expert = _CommuneCursor._refuse
