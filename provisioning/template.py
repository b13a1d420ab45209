"""The template script: what all migrations of a commune do, captured once per release.

Replaying it, in one message, takes some 0.15 s where the migrations take 3. It is refused when its digest is not
that of its text, or when it was made by other migrations than the code's.
"""

import hashlib
import logging
from functools import cache
from pathlib import Path
from sys import modules

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from core.tenancy import PUBLIC, in_public, in_schema
from provisioning import pg_dump, privileges, schemas
from provisioning.models import TemplateScript
from tenants.names import check_schema_name

SCHEMA = "c_modele_zzz"  # a word that no text of ours uses: it is replaced everywhere
MARKER = "@@schema@@"
KEPT = 3  # scripts of earlier releases, for workers not yet restarted
log = logging.getLogger(__name__)


@cache
def fingerprint() -> str:
    """Digest of what decides a commune's tables: its apps, their migrations' text, its rights."""
    rights = privileges.APPEND_ONLY, privileges.UNCHANGED, privileges.READ_ONLY
    digest = hashlib.sha256(repr((settings.TENANT_APPS, *rights)).encode())
    migrations = MigrationLoader(None).disk_migrations
    for (app, name), migration in sorted(migrations.items()):
        source = Path(modules[migration.__module__].__file__ or "").read_bytes()
        digest.update(f"{app}.{name}:".encode() + hashlib.sha256(source).digest())
    return digest.hexdigest()


def current() -> TemplateScript | None:
    """The script of this code, or None: the caller then falls back to the migrations."""
    with in_public():
        found = TemplateScript.objects.filter(fingerprint=fingerprint()).first()
    if found is None:
        return None
    if found.digest != digest_of(found.script):
        log.error("template.digest_mismatch")
        return None
    return found


def table_count() -> int | None:
    """Told by the script: counting in PostgreSQL's catalogue takes longer as communes are added."""
    return TemplateScript.objects.filter(fingerprint=fingerprint()).values_list("tables", flat=True).first()


def digest_of(script: str) -> str:
    return hashlib.sha256(script.encode()).hexdigest()


def text_for(schema: str, script: TemplateScript) -> str:
    check_schema_name(schema)
    return script.script.replace(MARKER, schema)


def lay(schema: str) -> None:
    """Tables, first rows and rights, by replaying the script; by migrations (slow) where there is none."""
    script = current()
    if script is None:
        schemas.migrate(schema)
        copy_reference_rows(schema)
    else:
        schemas.execute(text_for(schema, script))
    if settings.ENT_COMMUNE_ROLES:
        schemas.execute(privileges.grant(schema, schema))


def make() -> TemplateScript:
    """Migrate the template schema, capture it, drop it. Owner's session. Raises NoDumpError."""
    pg_dump.program()
    schemas.drop(SCHEMA)
    schemas.execute(f'CREATE SCHEMA "{SCHEMA}"')
    try:
        schemas.migrate(SCHEMA)
        copy_reference_rows(SCHEMA)
        text = pg_dump.read(SCHEMA, connection.get_connection_params())
    finally:
        schemas.drop(SCHEMA)
    return _keep(text.replace(SCHEMA, MARKER))


def _keep(script: str) -> TemplateScript:
    with in_public(), transaction.atomic():
        kept, _created = TemplateScript.objects.update_or_create(
            fingerprint=fingerprint(),
            defaults={
                "script": script,
                "digest": digest_of(script),
                "tables": script.count("CREATE TABLE "),
            },
        )
        old = TemplateScript.objects.values_list("pk", flat=True)[KEPT:]
        TemplateScript.objects.filter(pk__in=list(old)).delete()
    return kept


def copy_reference_rows(schema: str) -> None:
    """Content types and permissions bear the same ids in every schema: the public ones are the reference.

    The cache of content types is one per process: it can't tell communes apart.
    """
    with in_schema(schema), connection.cursor() as cursor:
        cursor.execute("DELETE FROM auth_permission; DELETE FROM django_content_type")
        for table, columns in REFERENCE_ROWS.items():
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {PUBLIC}.{table}")  # noqa: S608
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
            )


REFERENCE_ROWS = {
    "django_content_type": "id, app_label, model",
    "auth_permission": "id, name, content_type_id, codename",
}
