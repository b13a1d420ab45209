"""Plan, decide, apply: nothing is written before a person has read what would change."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.durability import commit_without_waiting
from core.errors import DomainError
from core.frozen import frozen
from core.locks import one_at_a_time
from shared_apps.audit.services import record
from shared_apps.statistics.services import request_roll_up
from tenant_apps.imports import guardians, lines, pupils, sources, staff, tasks
from tenant_apps.imports.aaf import planning as feeds
from tenant_apps.imports.aaf.applying import apply_feed
from tenant_apps.imports.apply_guardians import apply_guardians
from tenant_apps.imports.apply_pupils import apply_pupils
from tenant_apps.imports.apply_staff import apply_staff
from tenant_apps.imports.departures import is_confirmed, wants_confirmation
from tenant_apps.imports.errors import StalePlan
from tenant_apps.imports.fingerprints import fingerprint
from tenant_apps.imports.kinds import Parsed
from tenant_apps.imports.lines import Line
from tenant_apps.imports.models import ImportLine, ImportPlan
from tenant_apps.imports.progress import step
from tenant_apps.schools.models import School

Kind = ImportPlan.Kind
PLANNERS: dict[str, Callable[[Any, Iterable[Parsed]], list[Line]]] = {
    Kind.ONDE_PUPILS: pupils.plan,
    Kind.ONDE_GUARDIANS: guardians.plan,
    Kind.TEACHERS: staff.plan_teachers,
    Kind.TOWN_STAFF: staff.plan_town_staff,
    Kind.AAF: feeds.plan,
}
APPLIERS = {
    Kind.ONDE_PUPILS: apply_pupils,
    Kind.ONDE_GUARDIANS: apply_guardians,
    Kind.TEACHERS: apply_staff,
    Kind.TOWN_STAFF: apply_staff,
    Kind.AAF: apply_feed,
}

LONG = 600  # lines to write: above, a worker does it
LINES_LIFE = timedelta(days=30)  # what was read is personal data: the counts stay, the lines go
Status, Decision = ImportLine.Status, ImportLine.Decision


def make_plan(
    *, actor: Any, school: School | None, file_name: str, data: bytes, columns: Mapping[str, str] | None = None
) -> ImportPlan:
    """Compare a file with the school (with none: the town's staff). `columns`: unknown headers that a person
    associated. Raises DomainError, in French, when the file can't be read or is not one of those that are known.
    """
    _check(actor, school)
    digest = hashlib.sha256(data).hexdigest()
    return plan_source(
        actor=actor, school=school, file_name=file_name, digest=digest, source=sources.read(data, columns or {})
    )


@transaction.atomic
def plan_source(
    *, actor: Any, school: School | None, file_name: str, digest: str, source: sources.Source
) -> ImportPlan:
    """A delivery for several schools is read once, then planned for each."""
    _check(actor, school)
    plan, found = _compare(school, source, file_name=file_name, sha256=digest, created_by=actor)
    plan.fingerprint = fingerprint(plan, found)
    plan.save(force_insert=True)
    lines.save(plan, found)
    record(actor=actor, action="imports.planned", obj=plan, lines=len(found))
    return plan


@transaction.atomic
def import_source(*, school: School, file_name: str, digest: str, source: sources.Source) -> ImportPlan:
    """Plan and apply in one act, by the platform itself: nobody reads the plan in between, so nothing of it is written
    twice nor read again. What a person must decide waits on the head's page. The caller ends its run by
    `wait_for_the_disk`. Raises DomainError.
    """
    commit_without_waiting()
    one_at_a_time(f"imports:{school.pk}")
    plan, found = _compare(school, source, file_name=file_name, sha256=digest)
    left = [line for line in found if line.status == Status.TO_DECIDE]
    _mark_applied(plan, left)
    plan.save(force_insert=True)
    lines.save(plan, found, applied=True)
    written = _write(plan, [line for line in found if line.is_to_write])
    if left:
        plan.fingerprint = fingerprint(plan, left)
        plan.save(update_fields=["fingerprint"])
    _announce(None, plan, left, written)
    return plan


def _compare(school: School | None, source: sources.Source, **facts: Any) -> tuple[ImportPlan, list[Line]]:
    kind = Kind(source.kind)
    sources.check_place(kind, school)
    _forget_old_lines(school)
    found = PLANNERS[kind](school, source.rows)
    facts["file_name"] = facts["file_name"][-200:]
    counts = dict.fromkeys(Status.values, 0) | Counter(str(line.status) for line in found)
    return ImportPlan(kind=kind, school=school, counts=counts, unread_columns=source.unread, **facts), found


@transaction.atomic
def decide(*, actor: Any, line: ImportLine, decision: str) -> ImportLine:
    """The same person, two persons, or not yet. Signed in the audit."""
    _check(actor, line.plan.school)
    plan = ImportPlan.objects.select_for_update().get(pk=line.plan_id)
    if not plan.is_ready or line.status != Status.TO_DECIDE or line.is_applied:
        raise DomainError(_("Cette ligne n’attend pas de décision."), code="nothing_to_decide")
    if decision == Decision.NEW and not line.may_be_new:
        raise DomainError(_("Deux enfants n’ont jamais le même INE : corrigez-le dans ONDE."), code="same_ine")
    if decision == Decision.SAME and line.kind == Kind.ONDE_PUPILS and _is_taken(line):
        raise DomainError(_("Une autre ligne du fichier est déjà cet enfant."), code="taken")
    line.decision = Decision(decision)
    line.save(update_fields=["decision", "updated_at"])
    record(actor=actor, action="imports.decided", obj=line, decision=decision)
    return line


@transaction.atomic
def mark_departures(*, actor: Any, plan: ImportPlan, keys: Iterable[Any], gone: bool) -> int:
    """Of those whom the file doesn't mention, who has left. Written with the rest, by « Appliquer »."""
    _check(actor, plan.school)
    plan = _locked(plan)
    if not plan.is_ready:
        raise not_ready()
    absent = plan.lines.filter(status=Status.LEFT, is_applied=False, pk__in=list(keys))
    count = absent.update(decision=Decision.GONE if gone else "", updated_at=timezone.now())
    record(actor=actor, action="imports.departures_marked", obj=plan, lines=count, gone=gone)
    return count


@transaction.atomic
def start_apply(*, actor: Any, plan: ImportPlan, confirmation: str = "") -> ImportPlan:
    """Small: written at once. Big: by a worker, while the page tells how far it is; asked again of one that runs, it
    is sent again, for a worker may have died.
    """
    _check(actor, plan.school)
    if plan.is_running:
        _send(plan, actor)
        return plan
    if plan.lines.to_write().count() < LONG:
        apply_plan(actor=actor, plan=plan, confirmation=confirmation)
        return plan
    plan = _locked(plan)
    _confirm(plan, confirmation)
    if not plan.is_ready:
        raise not_ready()
    plan.state, plan.started_at, plan.problem = ImportPlan.State.RUNNING, timezone.now(), ""
    plan.save(update_fields=["state", "started_at", "problem", "updated_at"])
    _send(plan, actor)
    return plan


def _send(plan: ImportPlan, actor: Any) -> None:
    transaction.on_commit(lambda: tasks.write.apply_async(args=[str(plan.pk), str(getattr(actor, "pk", ""))]))


@transaction.atomic
def apply_plan(*, actor: Any, plan: ImportPlan, confirmation: str = "") -> dict[str, int]:
    """All or nothing. Undecided lines wait, and may be applied later. Returns what was written, by kind of row."""
    _check(actor, plan.school)
    one_at_a_time(f"imports:{plan.school_id}")
    plan = _locked(plan)
    if not plan.is_open:
        raise not_ready()
    if plan.is_ready:
        _confirm(plan, confirmation)
    step("start")
    waiting = list(plan.lines.filter(status=Status.TO_DECIDE, is_applied=False))
    if plan.fingerprint != fingerprint(plan, waiting):
        raise StalePlan
    written = _write(plan, lines.to_write(plan))
    _close(actor, plan, [line for line in waiting if line.is_undecided], written)
    return written


def _write(plan: ImportPlan, found: list[Line]) -> dict[str, int]:
    """Inside the caller's transaction, which StalePlan undoes."""
    try:
        return APPLIERS[ImportPlan.Kind(plan.kind)](plan, found)
    except IntegrityError as clash:  # another school has written the same child meanwhile
        raise StalePlan from clash


def _close(actor: Any, plan: ImportPlan, left: Sequence[Any], written: dict[str, int]) -> None:
    """`left`: the lines that still wait for a person; the plan stays open for them."""
    step("end")
    plan.lines.filter(is_applied=False).exclude(pk__in=[line.pk for line in left]).update(is_applied=True)
    _mark_applied(plan, left)
    plan.fingerprint = fingerprint(plan, left) if left else ""
    plan.save(update_fields=["state", "applied_at", "fingerprint", "updated_at"])
    _announce(actor, plan, left, written)


def _mark_applied(plan: ImportPlan, left: Sequence[Any]) -> None:
    plan.state = ImportPlan.State.READY if left else ImportPlan.State.APPLIED
    plan.applied_at = timezone.now()


def _announce(actor: Any, plan: ImportPlan, left: Sequence[Any], written: dict[str, int]) -> None:
    record(actor=actor, action="imports.applied", obj=plan, waiting=len(left), **written)
    request_roll_up()


def _confirm(plan: ImportPlan, typed: str) -> None:
    count = plan.lines.departures().count()
    if count and wants_confirmation(plan.school, count) and not is_confirmed(plan.school, count, typed):
        raise DomainError(
            _("%(count)s élèves seraient retirés de l’école : pour le confirmer, tapez ce nombre ou le nom de l’école.")
            % {"count": count},
            code="confirm",
        )


def _locked(plan: ImportPlan) -> ImportPlan:
    return ImportPlan.objects.select_for_update(of=("self",)).select_related("school").get(pk=plan.pk)


def not_ready() -> DomainError:
    return DomainError(_("Cet import est déjà appliqué ou annulé."), code="not_ready")


@transaction.atomic
def put_back(*, plan: ImportPlan, problem: str) -> None:
    """What a worker could not write: nothing was, and the page says why."""
    plan = _locked(plan)
    if plan.state == ImportPlan.State.RUNNING:
        plan.state, plan.problem = ImportPlan.State.READY, problem[:300]
        plan.save(update_fields=["state", "problem", "updated_at"])


@transaction.atomic
def cancel_plan(*, actor: Any, plan: ImportPlan) -> None:
    """What was applied stays; what was read is forgotten."""
    _check(actor, plan.school)
    plan = ImportPlan.objects.select_for_update().get(pk=plan.pk)
    if not plan.is_ready:
        raise not_ready()
    plan.state = ImportPlan.State.APPLIED if plan.applied_at else ImportPlan.State.CANCELLED
    plan.save(update_fields=["state", "updated_at"])
    plan.lines.filter(is_applied=False).delete()
    record(actor=actor, action="imports.cancelled", obj=plan)


def _is_taken(line: ImportLine) -> bool:
    others = ImportLine.objects.filter(plan=line.plan_id, match_id=line.match_id).exclude(pk=line.pk)
    return others.recognised().exists()


def _check(actor: Any, school: School | None) -> None:
    """`actor=None` is the platform itself, fed by the académie."""
    permission = "imports.import_town_staff" if school is None else "imports.import_people"
    if actor is not None and not actor.has_perm(permission, school):
        raise PermissionDenied


def _forget_old_lines(school: School | None) -> None:
    end = timezone.now() - LINES_LIFE
    if not (_old_of(school, end) if school is not None else _old_of_the_town(end)):
        return
    old = ImportPlan.objects.filter(school=school, created_at__lt=end)
    old.filter(state=ImportPlan.State.READY, applied_at=None).update(state=ImportPlan.State.CANCELLED)
    old.filter(state=ImportPlan.State.READY).update(state=ImportPlan.State.APPLIED)
    ImportLine.objects.filter(plan__in=old).delete()


@frozen
def _old_of(school: School, end: datetime) -> QuerySet:
    return ImportPlan.objects.filter(school=school, created_at__lt=end).order_by().values("pk")[:1]


@frozen
def _old_of_the_town(end: datetime) -> QuerySet:
    return ImportPlan.objects.filter(school=None, created_at__lt=end).order_by().values("pk")[:1]
