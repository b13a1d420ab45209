"""Hundreds of values as one parameter: `IN (…)` prepares each of them, makes PostgreSQL parse each of them, and gives a
query as many texts as there are sizes, so that none can be frozen (`core.frozen`).

    Pupil.objects.filter(ine__many=many(ines))
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Field, ForeignKey, Lookup

ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"'})


def many(values: Iterable[Any]) -> str:
    """As PostgreSQL writes an array (of texts or of keys, none of them null): what the lookup `many` takes."""
    return "{" + ",".join([f'"{str(value).translate(ESCAPED)}"' for value in values]) + "}"


@ForeignKey.register_lookup
@Field.register_lookup
class Many(Lookup):
    """`column = ANY(array)`, for texts and UUIDs."""

    lookup_name = "many"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        kind = "uuid" if self.lhs.output_field.db_type(connection) == "uuid" else "text"
        return f"{column} = ANY(%s::{kind}[])", (*params, self.rhs)
