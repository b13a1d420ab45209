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
Answer = tuple[frozenset[Node], str]  # migrations applied; digest of content types and permissions, when asked


@dataclass(frozen=True, slots=True)
class Lack:
    """What separates a schema from the code; schemas with the same lack get the same statements."""

    missing: frozenset[Node]
    has_other_rows: bool = False  # content types or permissions that are not the public schema's

    @property
    def is_empty(self) -> bool:
        return not self.missing and not self.has_other_rows


def laid_schemas() -> list[str]:
    """Schemas of communes that have tables, whatever their state: those being opened too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid"
            " WHERE c.relname = 'django_migrations' AND n.nspname = ANY(%s) ORDER BY n.nspname",
            [list(Commune.objects.values_list("schema_name", flat=True))],
        )
        return [name for (name,) in cursor.fetchall()]


def ask(schemas: Iterable[str], *, with_rows: bool = False) -> dict[str, Answer]:
    """`with_rows` is thorough and takes three times longer."""
    names, found = list(schemas), {}
    for start in range(0, len(names), CHUNK):
        questions = (_question(schema, with_rows) for schema in names[start : start + CHUNK])
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(questions))
            for schema, applied, rows in cursor.fetchall():
                found[schema] = (frozenset(tuple(name.split(".", 1)) for name in applied or []), rows)
    return found


def compare(answers: dict[str, Answer]) -> dict[str, Lack]:
    """What each schema lacks, of the code's migrations and of the public schema's rows."""
    wanted = frozenset(MigrationLoader(None).graph.nodes)
    _applied, reference = answers[PUBLIC]
    return {schema: Lack(wanted - applied, rows != reference) for schema, (applied, rows) in answers.items()}


def _question(schema: str, with_rows: bool) -> str:
    check_schema_name(schema)
    digests = [
        f"(SELECT md5(string_agg(concat_ws(',', {columns}), ';' ORDER BY id)) FROM {schema}.{table})"  # noqa: S608
        for table, columns in REFERENCE_ROWS.items()
    ]
    rows = f"concat({', '.join(digests)})" if with_rows else "''"
    return f"SELECT '{schema}', (SELECT array_agg(app || '.' || name) FROM {schema}.django_migrations), {rows}"  # noqa: S608
