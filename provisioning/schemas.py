"""Verbs on a commune's schema and its role. All need the owner's session."""

from collections.abc import Iterable

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from core.tenancy import in_schema
from provisioning import privileges
from tenants.names import check_schema_name


def execute(statements: str) -> None:
    """Several statements, one message."""
    with connection.cursor() as cursor:
        cursor.execute(statements)


def create(schema: str) -> None:
    """An empty schema and its role."""
    check_schema_name(schema)
    role = privileges.create_role(schema) if settings.ENT_COMMUNE_ROLES else ""
    execute(f'CREATE SCHEMA "{schema}"; {role}')


def migrate(schema: str) -> None:
    """Run the migrations one by one, as `migrate` does, without creating content types or permissions."""
    with in_schema(schema):
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())


def rename(old: str, new: str) -> None:
    """The rights follow: PostgreSQL keeps them by number, not by name."""
    check_schema_name(old)
    check_schema_name(new)
    role = f'ALTER ROLE "{old}" RENAME TO "{new}";' if settings.ENT_COMMUNE_ROLES else ""
    execute(f'ALTER SCHEMA "{old}" RENAME TO "{new}"; {role}')


def drop(schema: str) -> None:
    """A schema nobody lives in: a stale spare, the template. A commune that was open: by its erasure alone."""
    check_schema_name(schema)
    execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE; DROP ROLE IF EXISTS "{schema}"')


def existing(names: Iterable[str]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname = ANY(%s)", [list(names)])
        return {name for (name,) in cursor.fetchall()}


def is_laid(schema: str) -> bool:
    """Tables are laid in one transaction: when the list of migrations is there, all are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f'"{schema}".django_migrations'])
        return cursor.fetchone()[0]


def count_tables(schema: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = %s", [schema])
        return cursor.fetchone()[0]
