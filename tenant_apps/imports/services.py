"""Plan, decide, apply: nothing is written before a person has read what would change."""

import hashlib
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.tenancy import require_commune
from shared_apps.audit.services import record
from shared_apps.statistics.services import request_roll_up
from tenant_apps.imports import guardians, pupils, reading
from tenant_apps.imports.apply_guardians import apply_guardians
from tenant_apps.imports.apply_pupils import apply_pupils
from tenant_apps.imports.kinds import parse, recognise
from tenant_apps.imports.models import ImportLine, ImportPlan
from tenant_apps.people.models import Enrollment, Guardianship
from tenant_apps.schools.models import School

PLANNERS = {ImportPlan.Kind.ONDE_PUPILS: pupils.plan, ImportPlan.Kind.ONDE_GUARDIANS: guardians.plan}
APPLIERS = {ImportPlan.Kind.ONDE_PUPILS: apply_pupils, ImportPlan.Kind.ONDE_GUARDIANS: apply_guardians}
LABELS = {ImportPlan.Kind.ONDE_PUPILS: pupils.LABELS, ImportPlan.Kind.ONDE_GUARDIANS: guardians.LABELS}


@transaction.atomic
def make_plan(*, actor: Any, school: School, file_name: str, data: bytes) -> ImportPlan:
    """Compare a file with the school. Raises DomainError, in French, when it is not an export of ONDE."""
    _check(actor, school)
    table = reading.read(data)
    kind = ImportPlan.Kind(recognise(table))
    plan = ImportPlan.objects.create(
        kind=kind,
        school=school,
        file_name=file_name[:200],
        sha256=hashlib.sha256(data).hexdigest(),
        fingerprint=fingerprint(school),
        created_by=actor,
    )
    lines = PLANNERS[kind](school, parse(table, kind))
    for line in lines:
        line.plan = plan
    ImportLine.objects.bulk_create(lines, batch_size=1000)
    record(actor=actor, action="imports.planned", obj=plan, lines=len(table.rows))
    return plan


@transaction.atomic
def decide(*, actor: Any, line: ImportLine, decision: str) -> ImportLine:
    """The same person, two persons, or not yet. Signed in the audit."""
    _check(actor, line.plan.school)
    if not line.plan.is_ready or line.status != ImportLine.Status.TO_DECIDE:
        raise DomainError(_("Cette ligne n’attend pas de décision."), code="nothing_to_decide")
    line.decision = ImportLine.Decision(decision)
    line.save(update_fields=["decision", "updated_at"])
    record(actor=actor, action="imports.decided", obj=line, decision=decision)
    return line


@transaction.atomic
def apply_plan(*, actor: Any, plan: ImportPlan) -> dict[str, int]:
    """All or nothing. Undecided lines wait; the rest passes. Returns what was written, by kind of row."""
    _check(actor, plan.school)
    _one_import_at_a_time(plan.school)
    plan = ImportPlan.objects.select_for_update(of=("self",)).select_related("school").get(pk=plan.pk)
    if not plan.is_ready:
        raise DomainError(_("Cet import est déjà appliqué ou annulé."), code="not_ready")
    if plan.fingerprint != fingerprint(plan.school):
        raise DomainError(
            _("Le fichier a été comparé à un état qui a changé : refaites la vérification."), code="stale"
        )
    written = APPLIERS[ImportPlan.Kind(plan.kind)](plan)
    plan.state, plan.applied_at = ImportPlan.State.APPLIED, timezone.now()
    plan.save(update_fields=["state", "applied_at", "updated_at"])
    record(actor=actor, action="imports.applied", obj=plan, **written)
    request_roll_up()
    return written


@transaction.atomic
def cancel_plan(*, actor: Any, plan: ImportPlan) -> None:
    _check(actor, plan.school)
    if not plan.is_ready:
        raise DomainError(_("Cet import est déjà appliqué ou annulé."), code="not_ready")
    plan.state = ImportPlan.State.CANCELLED
    plan.save(update_fields=["state", "updated_at"])
    # What was read is personal data that nobody needs any more.
    plan.lines.all().delete()
    record(actor=actor, action="imports.cancelled", obj=plan)


def fingerprint(school: School) -> str:
    """Changes with any change of the school's enrolments, pupils, persons or guardianships."""
    enrolled = Enrollment.objects.filter(school_class__school=school)
    rows = enrolled.aggregate(
        count=Count("pk"),
        last=Max("updated_at"),
        last_pupil=Max("pupil__updated_at"),
        last_person=Max("pupil__person__updated_at"),
    )
    links = Guardianship.objects.filter(pupil__enrollments__school_class__school=school).aggregate(
        count=Count("pk"), last=Max("updated_at"), last_guardian=Max("guardian__updated_at")
    )
    return hashlib.sha256(repr((sorted(rows.items()), sorted(links.items()))).encode()).hexdigest()


def _check(actor: Any, school: School) -> None:
    if not actor.has_perm("imports.import_people", school):
        raise PermissionDenied


def _one_import_at_a_time(school: School) -> None:
    with connection.cursor() as cursor:
        key = f"{require_commune()}:import:{school.pk}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
