"""The académie's directory for a whole commune: read once, planned for each of its schools, by a command."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.tenancy import in_schema
from tenant_apps.imports import services, sources
from tenant_apps.imports.aaf import reading
from tenant_apps.imports.models import ImportPlan
from tenant_apps.schools.models import School
from tenants.names import schema_for

Tell = Callable[[str], None]
MAX_FILE = 500 * 1024 * 1024


def files_of(folder: Path) -> list[tuple[str, bytes]]:
    """The XML files of a folder, or those of an archive. Raises DomainError."""
    if folder.is_file():
        return reading.unpack(folder.read_bytes())
    found = sorted(folder.glob("*.xml"))
    if not found:
        raise DomainError(_("Ce dossier ne contient aucun fichier XML."), code="empty")
    if sum(path.stat().st_size for path in found) > MAX_FILE:
        raise DomainError(_("Ces fichiers dépassent 500 Mo."), code="too_big")
    return [(path.name, path.read_bytes()) for path in found]


def feed_commune(*, insee: str, files: Sequence[tuple[str, bytes]], is_applied: bool, tell: Tell) -> list[ImportPlan]:
    """A plan for each school that the delivery names. Applied, its undecided lines wait for the head."""
    source = sources.of_feed(reading.read_files(files))
    digest = hashlib.sha256(b"".join(data for _name, data in files)).hexdigest()
    name = ", ".join(name for name, _data in files)
    plans = []
    with in_schema(schema_for(insee)):
        for school in list(School.objects.order_by("name", "uai")):
            try:
                plan = services.plan_source(actor=None, school=school, file_name=name, digest=digest, source=source)
                if is_applied:
                    services.apply_plan(actor=None, plan=plan)
            except DomainError as refusal:
                tell(f"{school.uai} {school.name} · {refusal.message}")
                continue
            plans.append(plan)
            tell(f"{school.uai} {school.name} · {_counts(plan)}")
    return plans


def _counts(plan: ImportPlan) -> str:
    words = _("%(created)s à créer, %(updated)s à modifier, %(unchanged)s inchangés, %(left)s absents, "
              "%(to_decide)s à décider, %(rejected)s refusés")  # fmt: skip
    return words % plan.counts
