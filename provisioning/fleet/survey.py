"""What each schema misses, asked of the schemas themselves, a hundred at a time: no record to trust."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from core.tenancy import PUBLIC
from provisioning.template import REFERENCE_ROWS
from tenants.models import Commune
from tenants.names import check_schema_name

CHUNK = 100  # planning a UNION ALL grows faster than its length
Node = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Lack:
    """What separates a schema from the code; schemas with the same lack get the same statements."""

    missing: frozenset[Node]
    reference_rows: str  # digest of its content types and permissions; empty when they are the public schema's

    @property
    def is_empty(self) -> bool:
        return not self.missing and not self.reference_rows


def laid_schemas() -> list[str]:
    """Schemas of communes that have tables, whatever their state: those being opened too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid"
            " WHERE c.relname = 'django_migrations' AND n.nspname = ANY(%s) ORDER BY n.nspname",
            [list(Commune.objects.values_list("schema_name", flat=True))],
        )
        return [name for (name,) in cursor.fetchall()]


def survey(schemas: Iterable[str]) -> dict[str, Lack]:
    """Also says what the public schema lacks."""
    wanted = frozenset(MigrationLoader(None).graph.nodes)
    answers = _ask([PUBLIC, *schemas])
    reference = answers[PUBLIC][1]
    return {
        schema: Lack(wanted - applied, "" if rows == reference else rows) for schema, (applied, rows) in answers.items()
    }


def _ask(schemas: list[str]) -> dict[str, tuple[frozenset[Node], str]]:
    found = {}
    for start in range(0, len(schemas), CHUNK):
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(map(_question, schemas[start : start + CHUNK])))
            for schema, applied, rows in cursor.fetchall():
                found[schema] = (frozenset(tuple(name.split(".", 1)) for name in applied or []), rows)
    return found


def _question(schema: str) -> str:
    check_schema_name(schema)
    digests = [
        f"(SELECT md5(string_agg(concat_ws(',', {columns}), ';' ORDER BY id)) FROM {schema}.{table})"  # noqa: S608
        for table, columns in REFERENCE_ROWS.items()
    ]
    return (
        f"SELECT '{schema}', (SELECT array_agg(app || '.' || name) FROM {schema}.django_migrations),"  # noqa: S608
        f" concat({', '.join(digests)})"
    )
