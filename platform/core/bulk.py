"""Many rows in one statement, for imports: where `bulk_create` spends most of an import preparing each value."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import orjson
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import NOT_PROVIDED, Field, Model
from django.db.models.expressions import DatabaseDefault
from django.utils import timezone

M = TypeVar("M", bound=Model)


def insert(model: type[M], rows: Iterable[M]) -> list[M]:
    """As `bulk_create`, for models whose keys are made here: one INSERT whose only parameter is the rows as JSON, that
    PostgreSQL reads with the table's own types. Raises IntegrityError as it does.
    """
    found = list(rows)
    if not found:
        return found
    fields = [(str(f.column), f) for f in model._meta.concrete_fields if not _left_to_the_database(f, found[0])]
    values = [{column: field.pre_save(row, add=True) for column, field in fields} for row in found]
    _insert(model, values, [column for column, _field in fields], {})
    for row in found:
        row._state.adding, row._state.db = False, connection.alias
    return found


def insert_values(model: type[Model], rows: Sequence[dict[str, Any]]) -> None:
    """As `insert`, without an object a row: column → value, the key included, the same columns in each row. The other
    columns take the model's defaults.
    """
    if rows:
        columns = list(rows[0])
        _insert(model, rows, columns, _defaults(model, set(columns)))


def update_values(model: type[Model], rows: Sequence[dict[str, Any]]) -> None:
    """One UPDATE: each row its key `id` and the same columns, `updated_at` besides."""
    if not rows:
        return
    table, columns = _quoted(model._meta.db_table), [_quoted(name) for name in rows[0] if name != "id"]
    changes = ", ".join(f"{name} = r.{name}" for name in columns)
    source = "json_populate_recordset(NULL::{table}, %s) r"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET {changes}, updated_at = %s FROM {source.format(table=table)} WHERE t.id = r.id",  # noqa: S608
            [timezone.now(), _json(rows)],
        )


def _insert(model: type[Model], rows: Sequence[dict[str, Any]], columns: list[str], alike: dict[str, Any]) -> None:
    table, names = _quoted(model._meta.db_table), [_quoted(name) for name in columns]
    shared = [_quoted(name) for name in alike]
    taken = ", ".join([*names, *["%s"] * len(alike)])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join([*names, *shared])}) "  # noqa: S608
            f"SELECT {taken} FROM json_populate_recordset(NULL::{table}, %s)",
            [*alike.values(), _json(rows)],
        )


def _defaults(model: type[Model], given: set[str]) -> dict[str, Any]:
    """What the model gives to the columns that the rows don't name; null and the database's own need no word."""
    found: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.column in given or field.db_default is not NOT_PROVIDED:
            continue
        value = timezone.now() if field.column in ("created_at", "updated_at") else field.get_default()
        if value is not None:
            found[str(field.column)] = field.get_db_prep_save(value, connection)
    return found


def _left_to_the_database(field: Field, row: Model) -> bool:
    return isinstance(row.__dict__.get(field.attname), DatabaseDefault)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _json(rows: Sequence[dict[str, Any]]) -> str:
    """Dates and times to the microsecond, where Django's encoder rounds to the millisecond."""
    return orjson.dumps(rows, default=DjangoJSONEncoder().default, option=orjson.OPT_NON_STR_KEYS).decode()
