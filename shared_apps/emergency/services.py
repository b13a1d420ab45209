"""Throwing a switch, opening again, and what is done besides in the communes it names. Closing a report."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from shared_apps.emergency import tasks
from shared_apps.emergency.models import Level, Measure, ReportedMessage, Switch
from shared_apps.emergency.querysets import communes_of
from shared_apps.reference.models import Department, RefCommune, RefSchool
from tenants.hosts import announce_change
from tenants.stops import switches


@transaction.atomic
def throw(
    *,
    actor: Any,
    level: str,
    code: str = "",
    reason: str,
    parties: Collection[str] = (),
    starts_at: datetime | None = None,
    **facts: Any,
) -> Switch:
    """From now (or `starts_at`) on, nothing of what these people send leaves. Raises DomainError: unknown place."""
    _require(actor)
    name, departments = _place(level, code)
    row = Switch.objects.create(
        level=level,
        code=code,
        name=name,
        departments=departments,
        parties=list(parties),
        reason=reason,
        starts_at=starts_at or timezone.now(),
        thrown_by=actor,
        **facts,
    )
    record(actor=actor, action="emergency.thrown", obj=row, level=level, code=code, parties=list(parties))
    _tell_everybody()
    return row


@transaction.atomic
def reopen(*, actor: Any, switch: Switch, parties: Collection[str], reason: str) -> Switch:
    """For these profiles only; when none is left, the switch is lifted."""
    _require(actor)
    row = Switch.objects.select_for_update(of=("self",)).get(pk=switch.pk)
    if not row.is_thrown:
        raise DomainError(_("Cette coupure est déjà levée."), code="lifted")
    left = [party for party in row.stopped if party not in parties]
    if left:
        row.parties = left
    else:
        row.lifted_at, row.lifted_by, row.lifted_because = timezone.now(), actor, reason
    row.save()
    action = "emergency.reopened" if left else "emergency.lifted"
    record(actor=actor, action=action, obj=row, parties=sorted(parties))
    _tell_everybody()
    return row


def lift(*, actor: Any, switch: Switch, reason: str) -> Switch:
    """For everybody."""
    return reopen(actor=actor, switch=switch, parties=switch.stopped, reason=reason)


@transaction.atomic
def measure(*, actor: Any, switch: Switch, kind: str, since: datetime | None = None) -> Measure:
    """Ask it of each commune of the switch; a worker goes through them, and resumes where it was stopped.

    `since`: messages sent from then on (recall), passwords not chosen since then (renewal).
    """
    _require(actor)
    schemas = list(communes_of(switch.level, switch.code).laid().values_list("schema_name", flat=True))
    row = Measure.objects.create(
        switch=switch, kind=kind, since=since or switch.starts_at, todo=schemas, total=len(schemas), asked_by=actor
    )
    record(actor=actor, action=f"emergency.{kind}", obj=switch, communes=len(schemas))
    transaction.on_commit(lambda: tasks.run_measure.apply_async([str(row.pk)]))
    return row


@transaction.atomic
def close_report(*, actor: Any, report: ReportedMessage) -> ReportedMessage:
    """The academy has seen to it with the inspection: its own line is done. Nothing changes in the commune."""
    if not actor.has_perm("emergency.close_report", report):
        raise PermissionDenied
    row = ReportedMessage.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if not row.is_open:
        raise DomainError(_("Ce signalement est déjà traité."), code="closed")
    row.closed_at, row.closed_by = timezone.now(), actor
    row.save(update_fields=["closed_at", "closed_by", "updated_at"])
    record(actor=actor, action="emergency.report_closed", obj=row)
    return row


def _require(actor: Any) -> None:
    if actor is not None and not actor.has_perm("emergency.throw"):
        raise PermissionDenied


def _tell_everybody() -> None:
    """Each process at the commit; this one at once."""
    announce_change()
    switches.clear()
    transaction.on_commit(switches.clear)


def _place(level: str, code: str) -> tuple[str, list[str]]:
    """(its name, its départements)"""
    if level == Level.ACADEMY:
        return "", []
    if level == Level.DEPARTMENT and code in Department.values:
        return Department(code).label, [code]
    commune = RefCommune.objects.filter(insee=code).first() if level == Level.COMMUNE else None
    if commune is not None:
        return commune.name, [commune.department_code]
    school = RefSchool.objects.filter(uai=code).select_related("commune").first() if level == Level.SCHOOL else None
    if school is not None:
        return f"{school.name}, {school.commune.name}", [school.commune.department_code]
    raise DomainError(_("Ce lieu n’est pas dans l’académie : vérifiez le code."), code="unknown_place")
