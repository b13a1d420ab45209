"""`ENGINE = "tenants.db"`: django-tenants' wrapper with a path that never holds `public`, and a role per commune."""

import re
import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql.introspection import DatabaseIntrospection
from django.db.backends.postgresql.psycopg_any import is_psycopg3
from django.db.backends.utils import debug_transaction
from django.db.transaction import TransactionManagementError
from django_tenants.postgresql_backend import base
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

from core.observability.metrics import database_session_renewed
from core.postponed import Postponed
from tenants.db.cursors import Cursor, NamedCursor
from tenants.db.statements import Query, Statements
from tenants.names import check_schema_name

ACADEMY_ROLE = "academy"
TABLE = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE) "?(\w+)')
NOTED = 10_000  # statements whose tables are known: texts of lists vary without end

if is_psycopg3:  # Django prefers it as soon as it is installed
    raise ImproperlyConfigured("psycopg 3 must not be installed: the engine needs psycopg2's simple messages.")


class DatabaseWrapper(base.DatabaseWrapper):
    include_public_schema = False
    health_check_done: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.is_owner = False
        self._forget_tables()
        self._waiting: list[tuple[str, str]] = []  # prefix, statement
        self.forget_statements()
        super().__init__(*args, **kwargs)
        # The library's introspection sets the path of the session and restores what it read: the session then keeps
        # a commune's path for good.
        self.introspection = DatabaseIntrospection(self)

    # --- the commune

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        """Choose the schema of what follows. Every way in (middleware, contexts, migrations) passes here.

        `include_public` is ignored: a table missing from a commune must be an error, not a read of the public one.
        Nothing is sent: the next statement carries it.
        """
        check_schema_name(tenant.schema_name)
        self.tenant = tenant
        self.schema_name = tenant.schema_name

    def message_prefix(self) -> str:
        """What stands before a statement, in the same message."""
        return f"{self._set_role('SET LOCAL')}SET LOCAL search_path={self._path};"

    def session_prefix(self) -> str:
        """The same for statements that refuse company: it lasts, so whoever sends it takes it back."""
        return f"{self._set_role('SET')}SET search_path={self._path}"

    def note(self, statement: str) -> None:
        """The session meets tables of this commune: what it then knows of each stays in its memory."""
        key = hash((self.schema_name, statement))
        if key in self._noted:
            return
        if len(self._noted) >= NOTED:
            self._noted.clear()
        self._noted.add(key)
        self._tables.update((self.schema_name, name) for name in TABLE.findall(statement))

    def _forget_tables(self) -> None:
        self._noted: set[int] = set()  # statements already read for their tables
        self._tables: set[tuple[str, str]] = set()

    @property
    def _path(self) -> str:
        return f'"{self.schema_name}",extensions'

    def _set_role(self, verb: str) -> str:
        if self.is_owner or not settings.ENT_COMMUNE_ROLES:
            return ""
        role = ACADEMY_ROLE if self.schema_name == "public" else self.schema_name
        return f'{verb} ROLE "{role}";'

    def _handle_search_path(self, cursor: Any = None) -> None:
        """The library's round trip before each statement: ours travels with it."""

    def create_cursor(self, name: str | None = None) -> Any:
        if name:
            cursor = self.connection.cursor(
                name, cursor_factory=NamedCursor, scrollable=False, withhold=self.autocommit
            )
        else:
            cursor = self.connection.cursor(cursor_factory=Cursor)
        cursor.wrapper = self
        cursor.tzinfo_factory = self.tzinfo_factory if settings.USE_TZ else None
        return cursor

    def fetch(self, sql: str, params: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """All the rows of one statement, as by `cursor()`: what Django wraps around it costs as much as the driver, and
        serves who watches the statements.
        """
        with self.wrap_database_errors, self._short_cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()

    def later(self, sql: Postponed, params: tuple[Any, ...]) -> None:
        """One write whose answer nobody reads, as by `cursor()`."""
        with self.wrap_database_errors:
            if self.is_watched:
                with self.cursor() as cursor:
                    cursor.execute(sql, params)
            elif self.autocommit:
                self._be_ready()
                self._pen.execute(sql, params)
            else:  # the transaction has made sure of the session
                self.validate_no_broken_transaction()
                self.note(sql)
                self.postpone(self._pen.mogrify(sql, params).decode())

    @property
    def is_watched(self) -> bool:
        """Somebody counts or notes the statements."""
        return bool(self.execute_wrappers or self.queries_logged)

    def _short_cursor(self) -> Any:
        if self.is_watched:
            return self.cursor()
        self._be_ready()
        return self.create_cursor()

    def _be_ready(self) -> None:
        """What `cursor()` makes sure of."""
        if self.connection is None or not self.health_check_done:
            self.close_if_health_check_failed()
            self.ensure_connection()
        self.validate_thread_sharing()
        self.validate_no_broken_transaction()

    def validate_thread_sharing(self) -> None:
        """Django's takes a lock each time, which only a connection of another thread needs."""
        if self._thread_ident != threading.get_ident():
            super().validate_thread_sharing()

    # --- transactions: the driver would send BEGIN and COMMIT alone, ours travel with what they are for

    def postpone(self, sql: str) -> None:
        """A write without an answer, in this transaction: it leaves with the next statement, COMMIT included. Its
        arguments are put in; its prefix is of now, since the commune may change.
        """
        self._waiting.append((self.message_prefix(), f"{sql};"))

    def opening(self, prefix: str = "") -> str:
        """What goes first in the next message: BEGIN once, the writes that wait (until they are `sent`), and the prefix
        of what follows. In one message a prefix holds until another one.
        """
        parts = [] if self.autocommit or self._is_begun() else ["BEGIN;"]
        last = ""
        for one, sql in self._waiting:
            parts += [sql] if one == last else [one, sql]
            last = one
        return "".join(parts if prefix == last else [*parts, prefix])

    def sent(self) -> None:
        """The writes that waited have left."""
        self._waiting.clear()

    def lose_waiting(self) -> None:
        """They were said since the last savepoint, which had sent those before it: they go with what is taken back."""
        if self._waiting:
            self._waiting.clear()
            self.forget_statements()  # one of them may have been the first to name a prepared one

    def _is_begun(self) -> bool:
        return self.connection.get_transaction_status() != TRANSACTION_STATUS_IDLE

    def _set_autocommit(self, autocommit: bool) -> None:
        with self.wrap_database_errors:
            if autocommit and (self._waiting or self._is_begun()):
                raise psycopg2.ProgrammingError("The transaction must end first.")
            if not self.connection.autocommit:
                self.connection.autocommit = True

    def _commit(self) -> None:
        if self.connection is not None and (self._waiting or self._is_begun()):
            with debug_transaction(self, "COMMIT"), self.wrap_database_errors:
                self._send(self.opening() + "COMMIT")

    def _rollback(self) -> None:
        self.lose_waiting()
        if self.connection is not None and self._is_begun():
            with debug_transaction(self, "ROLLBACK"), self.wrap_database_errors:
                self._send("ROLLBACK")

    def _send(self, text: str) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(text)
        self.sent()

    # --- prepared statements

    def statement_of(self, query: Query) -> str:
        """What to send instead of `query`, with its arguments as parameters; empty when it goes as it is."""
        return self._statements.text_of(self.schema_name, query, self) if settings.ENT_PREPARED else ""

    def forget_statements(self) -> None:
        """After an error, which of them the session holds is not known. They end with it; no name is given twice."""
        self._statements = Statements(settings.ENT_PREPARED)

    # --- the owner of the tables

    @contextmanager
    def as_owner(self) -> Iterator[None]:
        """Migrations and other DDL, as the login that owns all tables; web processes don't have it."""
        if self.is_owner:
            yield
            return
        if self.in_atomic_block:
            raise TransactionManagementError("The owner's session can't begin inside a transaction.")
        if not settings.OWNER_DATABASE:
            raise ImproperlyConfigured("ENT_OWNER_DATABASE_URL is empty: this process may not change tables.")
        self._become(owner=True)
        try:
            yield
        finally:
            self._become(owner=False)

    def _become(self, *, owner: bool) -> None:
        self.close()
        self.is_owner = owner

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        return params | settings.OWNER_DATABASE if self.is_owner else params

    # --- the life of a session

    def connect(self) -> None:
        self._forget_tables()
        self.lose_waiting()
        self.forget_statements()
        super().connect()
        self._pen = self.create_cursor()  # writes what leaves later, and reads nothing

    def renew_if_long(self) -> None:
        """Each table of each commune leaves some 20 kB in the session's memory: begin a new one after N."""
        if self.connection is None or self.in_atomic_block:
            return
        if len(self._tables) > settings.ENT_SESSION_TABLES:
            self.close()
            database_session_renewed()

    def close_if_unusable_or_obsolete(self) -> None:
        """Called by Django between requests and by Celery between tasks."""
        self.renew_if_long()
        super().close_if_unusable_or_obsolete()

    def close_if_health_check_failed(self) -> None:
        """A session that the server ended says so on its socket: a look costs no message, `SELECT 1` does.

        Should the socket hold anything, Django's own check decides.
        """
        if self.connection is not None and not self.health_check_done and _is_silent(self.connection):
            self.health_check_done = True
        super().close_if_health_check_failed()


def _is_silent(session: Any) -> bool:
    """Nothing waits on the socket of an idle session: no goodbye, no closed line."""
    poll = select.poll()  # select() stops at 1,024 open files
    try:
        poll.register(session.fileno(), select.POLLIN)
    except psycopg2.Error:
        return False
    return not poll.poll(0)
