"""Many rows in one statement, for imports: where `bulk_create` spends most of an import preparing each value."""

import json
from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)


def insert(model: type[M], rows: Iterable[M]) -> list[M]:
    """As `bulk_create`, for models whose keys are made here: one INSERT whose only parameter is the rows as JSON, that
    PostgreSQL reads with the table's own types. Raises IntegrityError as it does.
    """
    found = list(rows)
    if not found:
        return found
    fields = model._meta.concrete_fields
    values = [{str(field.column): field.pre_save(row, add=True) for field in fields} for row in found]
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), ", ".join(quote(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s)",  # noqa: S608
            [json.dumps(values, cls=_Encoder, ensure_ascii=False)],
        )
    for row in found:
        row._state.adding, row._state.db = False, connection.alias
    return found


class _Encoder(DjangoJSONEncoder):
    """A date and time to the microsecond, where Django's rounds to the millisecond."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)
