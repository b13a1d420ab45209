"""The packages of an ending: one for the académie, one for each school, one for the town. A worker makes them."""

import logging
import tempfile
from typing import Any

from django.core.cache import cache
from django.core.files.base import File
from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.tenancy import in_schema
from shared_apps.audit import services as audit
from shared_apps.files import services as files
from shared_apps.files.models import StoredFile
from shared_apps.lifecycle import handover
from shared_apps.lifecycle.models import Ending, Package
from shared_apps.lifecycle.packing import Packed, pack
from shared_apps.reference.models import RefSchool

Kind, State = Package.Kind, Package.State
TOLD = 60 * 60  # seconds that a figure of progress is kept
log = logging.getLogger(__name__)


def plan(*, actor: Any, ending: Ending) -> int:
    """Inside a transaction. What exists is left; what failed is tried again."""
    if ending.state not in {Ending.State.READ_ONLY, Ending.State.ARCHIVED} or not ending.schema_name:
        raise DomainError(_("Il n’y a pas de données à remettre."), code="wrong_state")
    name = ending.case.commune.name
    wanted = [(Kind.ACADEMY, "", _("%(commune)s, données scolaires") % {"commune": name})]
    wanted += [(Kind.SCHOOL, uai, label) for uai, label in _schools(ending)]
    wanted += [(Kind.TOWN, "", _("%(commune)s, services de la commune") % {"commune": name})]
    made = [Package(ending=ending, kind=kind, uai=uai, label=label[:200]) for kind, uai, label in wanted]
    Package.objects.bulk_create(made, ignore_conflicts=True)
    again = ending.packages.filter(state=State.FAILED).update(state=State.WAITING)
    audit.record(actor=actor, action="lifecycle.packages_asked", obj=ending, packages=len(made), again=again)
    transaction.on_commit(_send)
    return len(made)


def _send() -> None:
    from shared_apps.lifecycle import tasks

    tasks.send_build()


def _schools(ending: Ending) -> list[tuple[str, str]]:
    """Those of the commune’s space, not of the annex only: a school added by hand has its data too."""
    with in_schema(ending.schema_name), connection.cursor() as cursor:
        cursor.execute("SELECT uai, name FROM schools_school ORDER BY uai")
        found = cursor.fetchall()
    known = dict(RefSchool.objects.filter(uai__in=[uai for uai, _name in found]).values_list("uai", "name"))
    return [(uai, known.get(uai, name)) for uai, name in found]


def build_one() -> bool:
    """The next package that nobody is making; False when there is none. Killed, it is made anew."""
    with transaction.atomic():
        rows = Package.objects.to_build().select_for_update(of=("self",), skip_locked=True)
        package = rows.select_related("ending__case__commune").order_by("ending", "kind", "uai").first()
        if package is None:
            return False
        try:
            with transaction.atomic():
                _build(package)
        except Exception:
            log.exception("lifecycle.package_failed", extra={"object_id": package.pk})
            package.state = State.FAILED
            package.save(update_fields=["state", "updated_at"])
    return True


def _build(package: Package) -> None:
    with tempfile.TemporaryFile() as target, in_schema(package.ending.schema_name):
        packed = pack(
            target,
            title=package.label,
            is_town=package.kind == Kind.TOWN,
            uai=package.uai,
            tell=lambda done, total: cache.set(_key(package), (done, total), TOLD),
        )
        target.seek(0)
        for old in StoredFile.objects.filter(purpose=handover.PURPOSE, object_id=package.pk):
            files.delete(actor=None, file=old)
        upload = File(target, name="paquet.zip")
        stored = files.store_archive(
            owner=None, upload=upload, purpose=handover.PURPOSE, object_id=package.pk, is_whole=True
        )
    _note(package, packed, stored)
    handover.plan(package=package)


def _note(package: Package, packed: Packed, stored: StoredFile) -> None:
    package.state, package.file_id = State.READY, stored.pk
    package.size, package.sha256 = stored.size, stored.sha256
    package.rows, package.files = packed.rows, packed.files
    package.done = package.total = len(packed.tables)
    package.save()
    audit.record(
        actor=None, action="lifecycle.package_made", obj=package, kind=str(package.kind), rows=packed.rows,
        files=packed.files, sha256=stored.sha256,
    )  # fmt: skip


def _key(package: Package) -> str:
    # Written from the commune’s context, read from the académie’s: the key names its commune either way.
    return f"lifecycle:package:{package.pk}"


def progress(package: Package) -> int:
    """Per cent. The row is locked while it is made, and says nothing until the end."""
    with in_schema(package.ending.schema_name):
        done, total = cache.get(_key(package)) or (0, 0)
    return 100 if package.is_ready else 100 * done // total if total else 0
