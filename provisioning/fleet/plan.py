"""The statements that bring a commune to this code, worked out once for all communes that lack the same.

The migrations are really run in one commune, in a transaction that is rolled back, and what they send is kept. So they
see the constraints' true names and each other's effects, and a plan that fails, fails before anything is changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, router, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation

from core.tenancy import PUBLIC, in_schema
from provisioning.fleet.survey import Lack, Node
from provisioning.template import REFERENCE_ROWS

LOCK_TIMEOUT_MS = 2_000  # a migration that waits holds up those who come after it


@dataclass(frozen=True, slots=True)
class Plan:
    """`statements` is None when the migrations must be run one by one (Python in them, or no transaction)."""

    statements: str | None
    reference_rows: str


def make_plan(schema: str, lack: Lack) -> Plan:
    """From one of the communes concerned. Raises what the migrations raise."""
    with in_schema(schema):
        rows = _reference_rows(schema)
        executor = MigrationExecutor(connection)
        steps = [migration for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())]
        if any(map(_needs_stock, steps)):
            return Plan(None, rows)
        return Plan(_rehearse(executor, steps) + _record(lack.missing), rows)


def _needs_stock(migration: Migration) -> bool:
    return not migration.atomic or any(_is_python(op, migration.app_label) for op in migration.operations)


def _is_python(operation: Operation, app_label: str) -> bool:
    """Python that would run here: what belongs to the academy's apps alone does nothing in a commune."""
    nested = getattr(operation, "database_operations", [])
    if any(_is_python(op, app_label) for op in nested):
        return True
    hints = getattr(operation, "hints", {})
    return not operation.reduces_to_sql and router.allow_migrate(connection.alias, app_label, **hints)


def _rehearse(executor: MigrationExecutor, steps: list[Migration]) -> str:
    sent: list[str] = []
    if not steps:
        return ""
    state = executor._create_project_state(with_applied_migrations=True)
    with transaction.atomic():
        _limit_waiting()
        for migration in steps:
            with connection.schema_editor() as editor:
                _keep_what_is_sent(editor, sent)
                state = migration.apply(state, editor)
        transaction.set_rollback(True)
    return "".join(f"{statement};\n" for statement in sent)


def _keep_what_is_sent(editor: Any, sent: list[str]) -> None:
    """The editor's statements go on as before, those it puts off to its end included."""
    run = editor.execute

    def execute(sql: Any, params: Any = ()) -> None:
        text = str(sql) if params is None else connection.ops.compose_sql(str(sql), params)
        sent.append(text.rstrip(" ;"))
        run(sql, params)

    editor.execute = execute


def _limit_waiting() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}")


def _record(missing: Iterable[Node]) -> str:
    values = ", ".join(f"('{app}', '{name}', now())" for app, name in sorted(missing))
    return f"INSERT INTO django_migrations (app, name, applied) VALUES {values};\n" if values else ""  # noqa: S608


def _reference_rows(schema: str) -> str:
    """What gives a commune the public schema's content types and permissions, with their ids; nothing if it has them.

    A commune that made its own would number them otherwise, and the cache of content types is one per process.
    """
    deleted, inserted, differs = [], [], False
    with connection.cursor() as cursor:
        for table, columns in REFERENCE_ROWS.items():
            public, own = f"SELECT {columns} FROM {PUBLIC}.{table}", f"SELECT {columns} FROM {table}"  # noqa: S608
            cursor.execute(f"SELECT EXISTS (({public} EXCEPT {own}) UNION ALL ({own} EXCEPT {public}))")
            differs = differs or cursor.fetchone()[0]
            deleted.append(f"DELETE FROM {table} WHERE ({columns}) NOT IN ({public})")  # noqa: S608
            inserted += [
                f"INSERT INTO {table} ({columns}) {public} EXCEPT {own}",
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))",  # noqa: S608
            ]
    return "".join(f"{statement};\n" for statement in deleted + inserted) if differs else ""
