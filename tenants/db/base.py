"""`ENGINE = "tenants.db"`: django-tenants' wrapper with a path that never holds `public`, and a role per commune."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2.extensions
from django.conf import settings
from django.db.backends.postgresql.introspection import DatabaseIntrospection
from django.db.transaction import TransactionManagementError
from django_tenants.postgresql_backend import base

from tenants.db.cursors import Cursor, NamedCursor
from tenants.names import check_schema_name

ACADEMY_ROLE = "academy"


class DatabaseWrapper(base.DatabaseWrapper):
    include_public_schema = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.is_owner = False
        self.visited: set[str] = set()
        super().__init__(*args, **kwargs)
        # The library's introspection sets the path of the session and restores what it read: the session then keeps
        # a commune's path for good.
        self.introspection = DatabaseIntrospection(self)

    # --- the commune

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        """Choose the schema of what follows. Every way in (middleware, contexts, migrations) passes here.

        `include_public` is ignored: a table missing from a commune must be an error, not a read of the public one.
        """
        check_schema_name(tenant.schema_name)
        self.tenant = tenant
        self.schema_name = tenant.schema_name
        self._prepare()

    def _prepare(self) -> None:
        path = f'"{self.schema_name}",extensions'
        role = ACADEMY_ROLE if self.schema_name == "public" else self.schema_name
        has_role = settings.ENT_COMMUNE_ROLES and not self.is_owner
        self.prefix = (f'SET LOCAL ROLE "{role}";' if has_role else "") + f"SET LOCAL search_path={path};"
        self.session_prefix = (f'SET ROLE "{role}";' if has_role else "") + f"SET search_path={path}"

    def _handle_search_path(self, cursor: Any = None) -> None:
        """The library's round trip before each statement: ours travels with it."""

    def create_cursor(self, name: str | None = None) -> Any:
        self.visited.add(self.schema_name)
        if name:
            cursor = self.connection.cursor(
                name, cursor_factory=NamedCursor, scrollable=False, withhold=self.connection.autocommit
            )
        else:
            cursor = self.connection.cursor(cursor_factory=Cursor)
        cursor.wrapper = self
        cursor.tzinfo_factory = self.tzinfo_factory if settings.USE_TZ else None
        return cursor

    # --- the owner of the tables

    @contextmanager
    def as_owner(self) -> Iterator[None]:
        """Migrations and other DDL, as the login that owns all tables (`OWNER_DATABASE`); web processes don't have it."""
        if self.in_atomic_block:
            raise TransactionManagementError("The owner's session can't begin inside a transaction.")
        self._become(owner=True)
        try:
            yield
        finally:
            self._become(owner=False)

    def _become(self, *, owner: bool) -> None:
        self.close()
        self.is_owner = owner
        self._prepare()

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        params["cursor_factory"] = psycopg2.extensions.cursor
        return params | settings.OWNER_DATABASE if self.is_owner else params

    # --- the length of a session

    def connect(self) -> None:
        self.visited = set()
        super().connect()

    def close_if_unusable_or_obsolete(self) -> None:
        """Each commune visited stays in the session's memory (3 MB for 60 tables): begin a new one after N."""
        if (
            self.connection is not None
            and not self.in_atomic_block
            and len(self.visited) > settings.ENT_RENEW_AFTER
        ):
            self.close()
        super().close_if_unusable_or_obsolete()
