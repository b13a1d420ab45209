"""What happens to reports: written domain by domain, validated by the head, signed by the guardians."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from shared_apps.signatures import services as signatures
from shared_apps.signatures.models import Slot
from tenant_apps.people.editions import Signing, digest_of
from tenant_apps.people.models import Enrollment
from tenant_apps.report_cards import notices
from tenant_apps.report_cards.contents import content_of
from tenant_apps.report_cards.domains import GRADES, domains_of
from tenant_apps.report_cards.models import DomainResult, Edition, ReportCard, ReportPeriod
from tenant_apps.report_cards.querysets import PURPOSE
from tenant_apps.schools.models import School

GENERAL = "general"
SIGNED = Signing(PURPOSE)
FACTS = ("position", "parts", "elements", "appreciation")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed of one pupil in one domain, and the version of the report it was typed over."""

    pupil_id: Any
    version: int
    position: int | None = None
    elements: str = ""
    appreciation: str = ""
    parts: dict[str, int] = field(default_factory=dict)


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


@transaction.atomic
def set_open(*, actor: Any, period: ReportPeriod, is_open: bool) -> None:
    """Written in or not from now on; what is so already stays as it is."""
    period = ReportPeriod.objects.select_for_update(of=("self",)).get(pk=period.pk)
    if period.is_open != is_open:
        period.is_open = is_open
        save_period(actor=actor, period=period)


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
    kept = kept.select_related("pupil__person", "school_class__school", "period__year")
    found = {one.pupil_id: one for one in kept.prefetch_related("results")}
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
        return {"position": None, "elements": "", "appreciation": report.appreciation, "parts": {}}
    one = report.by_domain.get(domain, DomainResult())
    return {name: getattr(one, name) for name in FACTS}


def _differs(report: ReportCard, domain: str, row: Typed) -> bool:
    return said(report, domain) != _facts(row)


def _facts(row: Typed) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FACTS}


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
    period = _locked(period)
    return _publish(actor, [one for one in reports_of(school_class, period) if _is_ready(one)], period)


@transaction.atomic
def validate_one(*, actor: Any, report: ReportCard) -> None:
    _check(actor, "report_cards.validate_reports", report.school_class)
    period = _locked(report.period)
    _publish(actor, [one for one in _again([report.pk]) if _is_ready(one)], period)


@transaction.atomic
def reopen(*, actor: Any, reports: Iterable[ReportCard], reason: str) -> int:
    """To correct what was validated. What families read and signed stays, and is no longer signed.

    Raises DomainError: closed, not_validated.
    """
    reports = list(reports)
    for school_class in {one.school_class for one in reports}:
        _check(actor, "report_cards.validate_reports", school_class)
    if not all(_locked(one).is_open for one in sorted({one.period for one in reports}, key=lambda one: one.pk)):
        raise DomainError(_("Cette période est fermée : ouvrez-la d’abord, pour qu’on puisse corriger."), code="closed")
    reports = [one for one in _again([one.pk for one in reports]) if one.is_validated]
    if not reports:
        raise DomainError(_("Aucun livret n’est validé."), code="not_validated")
    for report in reports:
        report.validated_at, report.validated_by, report.reopened_for = None, None, reason
        report.version += 1
        report.save(update_fields=["validated_at", "validated_by", "reopened_for", "version", "updated_at"])
        signatures.close(actor=actor, request=SIGNED.request_of(_last_edition(report)))
        record(actor=actor, action="report_cards.reopened", obj=report)
    return len(reports)


def _locked(period: ReportPeriod) -> ReportPeriod:
    return ReportPeriod.objects.select_for_update().get(pk=period.pk)


def _again(pks: Iterable[Any]) -> Iterable[ReportCard]:
    """As they are now that their period is held."""
    rows = ReportCard.objects.filter(pk__in=pks).select_related("pupil__person", "period__year", "school_class__school")
    return rows.prefetch_related("results").order_by("pk")


def _is_ready(report: ReportCard) -> bool:
    return report.is_begun and not report.is_validated and report.is_complete


def _publish(actor: Any, reports: list[ReportCard], period: ReportPeriod) -> int:
    """Raises DomainError: nothing_ready."""
    if not reports:
        raise DomainError(_("Aucun livret n’est prêt : il manque une position dans un domaine."), code="nothing_ready")
    editions = [_freeze(actor, report) for report in reports]
    for edition in editions:
        SIGNED.ask(actor=actor, edition=edition, needs_each=period.needs_each_guardian)
    facts = {"reports": len(reports), "school_class": reports[0].school_class_id}
    record(actor=actor, action="report_cards.validated", obj=period, **facts)
    notices.validated(editions)
    return len(editions)


def _freeze(actor: Any, report: ReportCard) -> Edition:
    now, content = timezone.now(), content_of(report)
    edition = Edition.objects.create(
        report=report,
        number=report.editions.count() + 1,
        content=content,
        digest=digest_of(content),
        reason=report.reopened_for,
        validated_at=now,
        validated_by_id=actor.pk,
    )
    report.validated_at, report.validated_by, report.reopened_for = now, actor, ""
    report.save(update_fields=["validated_at", "validated_by", "reopened_for", "updated_at"])
    return edition


def _last_edition(report: ReportCard) -> Edition:
    """Raises DomainError: not_validated."""
    last = report.editions.first()
    if last is None:
        raise DomainError(_("Aucun livret n’est validé."), code="not_validated")
    return last


def read(*, actor: Any, edition: Edition) -> None:
    """A guardian opened it."""
    SIGNED.mark_read(actor=actor, edition=edition)


@transaction.atomic
def sign(*, actor: Any, report: ReportCard) -> Slot:
    _check(actor, "report_cards.sign_report", report)
    return SIGNED.sign(actor=actor, edition=_last_edition(report))


@transaction.atomic
def record_paper(*, actor: Any, report: ReportCard, signer_id: Any) -> None:
    """One adult signed on paper. Raises DomainError: not_validated, unknown_adult, already_signed, closed."""
    _check(actor, "report_cards.follow_signatures", report.school_class)
    SIGNED.record_paper(actor=actor, edition=_last_edition(report), signer_id=signer_id)


@transaction.atomic
def remind(*, actor: Any, school_class: Any, period: ReportPeriod) -> int:
    """Those whose signature is missing, at most once a day each. Returns how many adults."""
    _check(actor, "report_cards.follow_signatures", school_class)
    today = timezone.localdate()
    told = SIGNED.remind(editions_of(school_class, period), on=today)
    notices.reminded(told, on=today)
    if told:
        record(actor=actor, action="report_cards.reminded", obj=period, adults=len(told), school_class=school_class.pk)
    return len({signer for _edition, signer in told})


def editions_of(school_class: Any, period: ReportPeriod) -> list[Edition]:
    """What families of a class have to sign now: the last edition of each validated report, by name."""
    rows = Edition.objects.filter(report__in=ReportCard.objects.validated().filter(period=period))
    rows = rows.filter(report__school_class=school_class).order_by("report_id", "-number").distinct("report_id")
    found = list(rows.select_related("report__pupil__person", "report__school_class", "report__period"))
    return sorted(found, key=lambda one: (one.report.pupil.person.sort_name, one.report.pupil_id))


def _check(actor: Any, permission: str, obj: Any) -> None:
    if not actor.has_perm(permission, obj):
        raise PermissionDenied
