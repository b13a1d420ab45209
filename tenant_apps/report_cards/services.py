"""What happens to reports: written domain by domain, validated by the head, signed by the guardians."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from shared_apps.signatures import services as signatures
from shared_apps.signatures.models import SignatureRequest, Slot
from tenant_apps.people.models import Enrollment, Guardianship
from tenant_apps.report_cards.domains import GRADES, domains_of
from tenant_apps.report_cards.models import DomainResult, ReportCard, ReportPeriod
from tenant_apps.report_cards.querysets import PURPOSE, slots_visible_to
from tenant_apps.schools.models import School

GENERAL = "general"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed of one pupil in one domain, and the version of the report it was typed over."""

    pupil_id: Any
    version: int
    position: int | None = None
    elements: str = ""
    appreciation: str = ""


class Conflict(DomainError):
    """Somebody wrote in the meantime: nothing of what was typed is written."""

    def __init__(self, pupils: set[Any]) -> None:
        super().__init__(_("Quelqu’un a écrit dans ces livrets pendant que vous écriviez."), code="conflict")
        self.pupils = pupils


@transaction.atomic
def save_period(*, actor: Any, period: ReportPeriod) -> ReportPeriod:
    """Raises DomainError: already_made."""
    if not School.objects.headed_by(actor).filter(pk=period.school_id).exists():
        raise PermissionDenied
    try:
        with transaction.atomic():
            period.save()
    except IntegrityError as error:
        raise DomainError(_("Cette période existe déjà."), code="already_made") from error
    record(actor=actor, action="report_cards.period_saved", obj=period, is_open=period.is_open)
    return period


def enrolled_in(school_class: Any) -> Any:
    """The pupils who have a report: those of cycles 2 and 3."""
    rows = Enrollment.objects.on().filter(school_class=school_class, grade__in=GRADES)
    return rows.select_related("pupil__person").order_by("pupil__person__sort_name", "pupil_id")


@transaction.atomic
def write(*, actor: Any, school_class: Any, period: ReportPeriod, domain: str, typed: Iterable[Typed]) -> None:
    """All or nothing. Raises DomainError: closed, frozen; Conflict: written by another since it was read."""
    _check(actor, "report_cards.write_reports", school_class)
    period = ReportPeriod.objects.select_for_update().get(pk=period.pk, school=school_class.school_id)
    if not period.is_open:
        raise DomainError(_("Cette période est fermée : les livrets ne s’écrivent plus."), code="closed")
    reports = _reports_of(school_class, period)
    rows = [row for row in typed if row.pupil_id in reports and _concerns(reports[row.pupil_id], domain)]
    changed = [(reports[row.pupil_id], row) for row in rows if _differs(reports[row.pupil_id], domain, row)]
    if any(report.is_validated for report, _row in changed):
        raise DomainError(_("Un livret validé ne change plus."), code="frozen")
    if stale := {row.pupil_id for report, row in changed if report.version != row.version}:
        raise Conflict(stale)
    for report, row in changed:
        _write_one(actor, report, domain, row)


def _reports_of(school_class: Any, period: ReportPeriod) -> dict[Any, ReportCard]:
    """By pupil, saved or not. The period is locked: two people do not make the same one."""
    rows = enrolled_in(school_class)
    kept = ReportCard.objects.filter(period=period, pupil__in=[row.pupil_id for row in rows])
    found = {one.pupil_id: one for one in kept.select_related("pupil__person").prefetch_related("results")}
    for row in rows:
        new = ReportCard(period=period, pupil=row.pupil, school_class=school_class, grade=row.grade)
        found.setdefault(row.pupil_id, new)
    return found


def reports_of(school_class: Any, period: ReportPeriod) -> list[ReportCard]:
    """In the order of the names, those not begun included. Three queries, however many children."""
    return sorted(
        _reports_of(school_class, period).values(), key=lambda one: (one.pupil.person.sort_name, one.pupil_id)
    )


def _concerns(report: ReportCard, domain: str) -> bool:
    return domain == GENERAL or domain in domains_of(report.grade)


def said(report: ReportCard, domain: str) -> dict[str, Any]:
    """What a report says in a domain, as the page of the class types it."""
    if domain == GENERAL:
        return {"position": None, "elements": "", "appreciation": report.appreciation}
    one = report.by_domain.get(domain, DomainResult())
    return {"position": one.position, "elements": one.elements, "appreciation": one.appreciation}


def _differs(report: ReportCard, domain: str, row: Typed) -> bool:
    return said(report, domain) != _facts(row)


def _facts(row: Typed) -> dict[str, Any]:
    return {"position": row.position, "elements": row.elements, "appreciation": row.appreciation}


def _write_one(actor: Any, report: ReportCard, domain: str, row: Typed) -> None:
    if domain == GENERAL:
        report.appreciation = row.appreciation
    report.version, report.changed_by = report.version + 1, actor
    report.save()
    if domain != GENERAL:
        DomainResult.objects.update_or_create(report=report, domain=domain, defaults=_facts(row))


@transaction.atomic
def validate(*, actor: Any, school_class: Any, period: ReportPeriod) -> int:
    """The complete reports of a class: frozen, shown to the families, to sign. Returns how many."""
    _check(actor, "report_cards.validate_reports", school_class)
    period = ReportPeriod.objects.select_for_update().get(pk=period.pk, school=school_class.school_id)
    waiting = [one for one in reports_of(school_class, period) if _is_ready(one)]
    if not waiting:
        raise DomainError(_("Aucun livret n’est prêt : il manque une position dans un domaine."), code="nothing_ready")
    for report in waiting:
        report.validated_at, report.validated_by = timezone.now(), actor
        report.save(update_fields=["validated_at", "validated_by", "updated_at"])
        _ask_signatures(actor, report, period)
    record(actor=actor, action="report_cards.validated", obj=period, reports=len(waiting), school_class=school_class.pk)
    return len(waiting)


def _is_ready(report: ReportCard) -> bool:
    return not report._state.adding and not report.is_validated and report.is_complete


def _ask_signatures(actor: Any, report: ReportCard, period: ReportPeriod) -> None:
    links = Guardianship.objects.informed().filter(pupil=report.pupil_id).order_by("pk")
    signatures.open_request(
        actor=actor,
        purpose=PURPOSE,
        object_id=report.pk,
        rule=SignatureRequest.Rule.EACH if period.needs_each_guardian else SignatureRequest.Rule.ONE,
        slots=list(links.values_list("pupil_id", "guardian_id")),
    )


@transaction.atomic
def sign(*, actor: Any, report: ReportCard) -> Slot:
    _check(actor, "report_cards.sign_report", report)
    slot = slots_visible_to(actor).get(request__object_id=report.pk)
    return signatures.sign(actor=actor, slot=slot)


def _check(actor: Any, permission: str, obj: Any) -> None:
    if not actor.has_perm(permission, obj):
        raise PermissionDenied
