"""Plan, decide, apply: nothing is written before a person has read what would change."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.bulk import insert
from core.errors import DomainError
from core.locks import one_at_a_time
from shared_apps.audit.services import record
from shared_apps.statistics.services import request_roll_up
from tenant_apps.imports import guardians, pupils, sources, staff
from tenant_apps.imports.apply_guardians import apply_guardians
from tenant_apps.imports.apply_pupils import apply_pupils
from tenant_apps.imports.apply_staff import apply_staff
from tenant_apps.imports.errors import StalePlan
from tenant_apps.imports.kinds import Parsed
from tenant_apps.imports.models import ImportLine, ImportPlan
from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil, StaffAssignment
from tenant_apps.schools.models import School, SchoolClass

Kind = ImportPlan.Kind
PLANNERS: dict[str, Callable[[Any, Iterable[Parsed]], list[ImportLine]]] = {
    Kind.ONDE_PUPILS: pupils.plan,
    Kind.ONDE_GUARDIANS: guardians.plan,
    Kind.TEACHERS: staff.plan_teachers,
    Kind.TOWN_STAFF: staff.plan_town_staff,
}
APPLIERS = {
    Kind.ONDE_PUPILS: apply_pupils,
    Kind.ONDE_GUARDIANS: apply_guardians,
    Kind.TEACHERS: apply_staff,
    Kind.TOWN_STAFF: apply_staff,
}
LINES_LIFE = timedelta(days=30)  # what was read is personal data: the counts stay, the lines go
Status, Decision = ImportLine.Status, ImportLine.Decision


@transaction.atomic
def make_plan(
    *, actor: Any, school: School | None, file_name: str, data: bytes, columns: Mapping[str, str] | None = None
) -> ImportPlan:
    """Compare a file with the school (with none: the town's staff). `columns`: unknown headers that a person
    associated. Raises DomainError, in French, when the file can't be read or is not one of those that are known.
    """
    _check(actor, school)
    source = sources.read(data, columns or {})
    kind = Kind(source.kind)
    sources.check_place(kind, school)
    _forget_old_lines(school)
    lines = PLANNERS[kind](school, source.rows)
    plan = ImportPlan(
        kind=kind,
        school=school,
        file_name=file_name[-200:],
        sha256=hashlib.sha256(data).hexdigest(),
        counts=dict.fromkeys(Status.values, 0) | Counter(line.status for line in lines),
        unread_columns=source.unread,
        created_by=actor,
    )
    plan.fingerprint = fingerprint(plan, lines)
    plan.save()
    for line in lines:
        line.plan = plan
    insert(ImportLine, lines)
    record(actor=actor, action="imports.planned", obj=plan, lines=len(source.rows))
    return plan


@transaction.atomic
def decide(*, actor: Any, line: ImportLine, decision: str) -> ImportLine:
    """The same person, two persons, or not yet. Signed in the audit."""
    _check(actor, line.plan.school)
    plan = ImportPlan.objects.select_for_update().get(pk=line.plan_id)
    if not plan.is_ready or line.status != Status.TO_DECIDE or line.is_applied:
        raise DomainError(_("Cette ligne n’attend pas de décision."), code="nothing_to_decide")
    if decision == Decision.NEW and not line.may_be_new:
        raise DomainError(_("Deux enfants n’ont jamais le même INE : corrigez-le dans ONDE."), code="same_ine")
    if decision == Decision.SAME and plan.kind == ImportPlan.Kind.ONDE_PUPILS and _is_taken(line):
        raise DomainError(_("Une autre ligne du fichier est déjà cet enfant."), code="taken")
    line.decision = Decision(decision)
    line.save(update_fields=["decision", "updated_at"])
    record(actor=actor, action="imports.decided", obj=line, decision=decision)
    return line


@transaction.atomic
def apply_plan(*, actor: Any, plan: ImportPlan) -> dict[str, int]:
    """All or nothing. Undecided lines wait, and may be applied later. Returns what was written, by kind of row."""
    _check(actor, plan.school)
    one_at_a_time(f"imports:{plan.school_id}")
    plan = ImportPlan.objects.select_for_update(of=("self",)).select_related("school").get(pk=plan.pk)
    if not plan.is_ready:
        raise DomainError(_("Cet import est déjà appliqué ou annulé."), code="not_ready")
    waiting = plan.lines.undecided()
    if plan.fingerprint != fingerprint(plan, plan.lines.filter(status=Status.TO_DECIDE, is_applied=False)):
        raise StalePlan
    written = _write(plan)
    plan.lines.filter(is_applied=False).exclude(pk__in=waiting.values("pk")).update(is_applied=True)
    left = list(waiting)
    plan.state = ImportPlan.State.READY if left else ImportPlan.State.APPLIED
    plan.applied_at, plan.fingerprint = timezone.now(), fingerprint(plan, left)
    plan.save(update_fields=["state", "applied_at", "fingerprint", "updated_at"])
    record(actor=actor, action="imports.applied", obj=plan, waiting=len(left), **written)
    request_roll_up()
    return written


def _write(plan: ImportPlan) -> dict[str, int]:
    lines = list(plan.lines.to_write())
    try:
        with transaction.atomic():
            return APPLIERS[ImportPlan.Kind(plan.kind)](plan, lines)
    except IntegrityError as clash:  # another school has written the same child meanwhile
        raise StalePlan from clash


@transaction.atomic
def cancel_plan(*, actor: Any, plan: ImportPlan) -> None:
    """What was applied stays; what was read is forgotten."""
    _check(actor, plan.school)
    plan = ImportPlan.objects.select_for_update().get(pk=plan.pk)
    if not plan.is_ready:
        raise DomainError(_("Cet import est déjà appliqué ou annulé."), code="not_ready")
    plan.state = ImportPlan.State.APPLIED if plan.applied_at else ImportPlan.State.CANCELLED
    plan.save(update_fields=["state", "updated_at"])
    plan.lines.filter(is_applied=False).delete()
    record(actor=actor, action="imports.cancelled", obj=plan)


def fingerprint(plan: ImportPlan, lines: Iterable[ImportLine]) -> str:
    """Changes with any change of the school's classes, enrolments, pupils, persons or guardianships, and of those
    whom the lines to decide resemble.
    """
    enrolled = Enrollment.objects.filter(school_class__school=plan.school)
    links = Guardianship.objects.filter(pupil__enrollments__school_class__school=plan.school)
    matched: Any = [line.match_id for line in lines if line.status == Status.TO_DECIDE]
    if plan.school is None:
        posts = StaffAssignment.objects.filter(role__in=StaffAssignment.MUNICIPAL)
    else:
        posts = StaffAssignment.objects.filter(school=plan.school)
    if plan.kind == ImportPlan.Kind.ONDE_PUPILS:
        asked = Pupil.objects.filter(pk__in=matched)
        asked_last = _last(asked, "updated_at", "person__updated_at", "enrollments__updated_at")
    else:
        asked_last = _last(Person.objects.filter(pk__in=matched), "updated_at")
    seen = [
        _last(SchoolClass.objects.filter(school=plan.school), "updated_at"),
        _last(enrolled, "updated_at", "pupil__updated_at", "pupil__person__updated_at"),
        _last(links, "updated_at", "guardian__updated_at"),
        asked_last,
    ]
    if plan.is_of_staff:
        seen.append(_last(posts, "updated_at", "person__updated_at"))
    return hashlib.sha256(repr(seen).encode()).hexdigest()


def _last(rows: Any, *fields: str) -> list[Any]:
    found = rows.order_by().aggregate(count=Count("pk"), **{f"last_{n}": Max(field) for n, field in enumerate(fields)})
    return sorted(found.items())


def _is_taken(line: ImportLine) -> bool:
    others = ImportLine.objects.filter(plan=line.plan_id, match_id=line.match_id).exclude(pk=line.pk)
    return others.recognised().exists()


def _check(actor: Any, school: School | None) -> None:
    """`actor=None` is the platform itself, fed by the académie."""
    permission = "imports.import_town_staff" if school is None else "imports.import_people"
    if actor is not None and not actor.has_perm(permission, school):
        raise PermissionDenied


def _forget_old_lines(school: School | None) -> None:
    old = ImportPlan.objects.filter(school=school, created_at__lt=timezone.now() - LINES_LIFE)
    old.filter(state=ImportPlan.State.READY, applied_at=None).update(state=ImportPlan.State.CANCELLED)
    old.filter(state=ImportPlan.State.READY).update(state=ImportPlan.State.APPLIED)
    ImportLine.objects.filter(plan__in=old).delete()
