"""What each step takes away, in its transaction, in the owner's session, from the public schema. Safe to repeat.

A step returns the words that follow its name on the page.
"""

from collections.abc import Callable, Iterator

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from psycopg2 import sql

from core.cache import forget_schema
from core.tenancy import in_schema
from core.words import figure
from provisioning import schemas
from provisioning.models import Opening
from shared_apps.audit import services as audit
from shared_apps.audit.models import Entry
from shared_apps.files.storage import storage
from shared_apps.lifecycle import statement
from shared_apps.lifecycle.models import Ending, ErasureStep, Handover
from shared_apps.onboarding.models import CaseEvent
from tenants.hosts import announce_change
from tenants.models import Commune, Domain

Name = ErasureStep.Name


def count(ending: Ending) -> str:
    """What is there now, for the proof: counts, and the head of the journal."""
    tables = _rows_by_table(ending.schema_name)
    with in_schema(ending.schema_name):
        last = Entry.objects.order_by("-sequence").values("sequence", "hash").first()
    files = list(_files(ending.schema_name))
    ending.statement = {
        "tables": len(tables),
        "rows": sum(tables.values()),
        "rows_by_table": tables,
        "files": len(files),
        "bytes": sum(storage().size(path) for path in files),
        "audit_entries": last["sequence"] if last else 0,
        "audit_head": last["hash"] if last else "",
        "counted_at": timezone.now().isoformat(),
    }
    words = ngettext("%(rows)s ligne", "%(rows)s lignes", ending.statement["rows"])
    return words % {"rows": figure(ending.statement["rows"])}


def _rows_by_table(schema: str) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
        names = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in names:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, name)))
            found[name] = cursor.fetchone()[0]
    return found


def _files(schema: str) -> Iterator[str]:
    """Of the folder and those in it: nobody makes folders there, but an erasure must not trust that."""
    waiting = [schema]
    while waiting:
        folder = waiting.pop()
        try:
            folders, names = storage().listdir(folder)
        except FileNotFoundError:
            continue
        waiting += [f"{folder}/{name}" for name in folders]
        yield from (f"{folder}/{name}" for name in names)


def door(ending: Ending) -> str:
    addresses = Domain.objects.filter(tenant__schema_name=ending.schema_name)
    ending.statement["addresses"] = addresses.count()
    addresses.delete()
    announce_change()
    return ""


def files(ending: Ending) -> str:
    gone = 0
    for path in list(_files(ending.schema_name)):
        storage().delete(path)
        gone += 1
    storage().delete(ending.schema_name)  # the empty folder; an object store has none
    return ngettext("%(n)s fichier", "%(n)s fichiers", gone) % {"n": figure(gone)}


def cache(ending: Ending) -> str:
    ending.statement["cache_keys"] = forget_schema(ending.schema_name)
    return ""


def schema(ending: Ending) -> str:
    """Tables, their rows, outbox and sessions among them, and the role that read them."""
    schemas.drop(ending.schema_name)
    return ending.schema_name


def academy(ending: Ending) -> str:
    """What the académie knew of people there. Dates, counts and receipts stay."""
    contacts, _details = ending.case.contacts.all().delete()
    Handover.objects.filter(package__ending=ending).update(email="", updated_at=timezone.now())
    Opening.objects.of_commune(ending.case.insee).update(facts={})
    # Not the library's delete(), which visits the schema.
    Commune.objects.filter(schema_name=ending.schema_name)._raw_delete(using="default")
    ending.statement["contacts"] = contacts
    return ngettext("%(n)s contact", "%(n)s contacts", contacts) % {"n": contacts}


def proof(ending: Ending) -> str:
    """Looked at again, then said."""
    left = what_is_left(ending.schema_name)
    if left:
        raise RuntimeError(f"Something is left: {', '.join(left)}")
    now = timezone.now()
    ending.state, ending.erased_at, ending.error = Ending.State.ERASED, now, ""
    statement.close(ending, now)
    CaseEvent.objects.create(
        case=ending.case, state=ending.case.state, on=timezone.localdate(), detail=_("données effacées")
    )
    audit.record(actor=None, action="lifecycle.erased", obj=ending, sha256=ending.statement_sha256)
    return ""


def what_is_left(name: str) -> list[str]:
    """Names of kinds of traces; empty when there is none."""
    asked = {
        "tables": "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = %s",
        "schema": "SELECT count(*) FROM pg_namespace WHERE nspname = %s",
        "role": "SELECT count(*) FROM pg_roles WHERE rolname = %s",
        "commune": "SELECT count(*) FROM public.tenants_commune WHERE schema_name = %s",
    }
    found = []
    with connection.cursor() as cursor:
        for kind, query in asked.items():
            cursor.execute(query, [name])
            found += [kind] if cursor.fetchone()[0] else []
    return found + (["files"] if list(_files(name)) else [])


STEPS: dict[str, Callable[[Ending], str]] = {
    Name.COUNT: count,
    Name.DOOR: door,
    Name.FILES: files,
    Name.CACHE: cache,
    Name.SCHEMA: schema,
    Name.ACADEMY: academy,
    Name.PROOF: proof,
}
