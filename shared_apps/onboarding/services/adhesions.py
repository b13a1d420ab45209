"""The history: which schools joined, and when, from a file « uai;date ». All of it or nothing.

A commune joins on the date of its first school. Its convention is imported as signed by both, and follows its file: the
next file replaces it. A convention concluded on the platform is never touched.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.locks import one_at_a_time
from shared_apps.audit import services as audit
from shared_apps.files import services as files
from shared_apps.files.kinds import TEXT
from shared_apps.files.models import StoredFile
from shared_apps.files.storage import path_of, storage
from shared_apps.onboarding.adhesion_file import checked, read
from shared_apps.onboarding.models import Case, CaseEvent, Convention, ConventionSchool, ConventionSignature
from shared_apps.reference.models import RefSchool

FILE = "onboarding.adhesions"
TEMPLATE = "reprise"
Side = ConventionSignature.Side
Wanted = dict[str, dict[str, date]]  # insee -> uai -> the day the school joined


class WrongFileError(Exception):
    """The file has wrong lines: nothing was changed."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__(errors[0])
        self.errors = errors


@dataclass(slots=True)
class Report:
    """What a load did, commune by commune (INSEE codes)."""

    schools: int = 0
    communes: int = 0
    repeated: int = 0
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)  # (insee, why)

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.removed)


def keep_file(*, actor: Any, upload: Any) -> StoredFile:
    """For its review: nothing is read yet. Raises `DomainError`."""
    return files.store(actor=actor, upload=upload, purpose=FILE, kinds={TEXT})


def may_read_file(user: Any, file: StoredFile) -> bool:
    return user.has_perm("onboarding.load_adhesions")


def content_of(file: StoredFile) -> bytes:
    with storage().open(path_of(file.pk)) as stream:
        return stream.read()


def load_adhesions(*, actor: Any, data: bytes, is_trial: bool = False) -> Report:
    """Replace the imported conventions by those of this file; the same file twice changes nothing, a trial neither.

    Raises `WrongFileError`.
    """
    reading = read(data)
    schools = checked(reading)
    if reading.errors:
        raise WrongFileError(reading.errors)
    wanted: Wanted = defaultdict(dict)
    for uai, day in reading.days.items():
        wanted[schools[uai].commune_id][uai] = day
    report = Report(schools=len(reading.days), communes=len(wanted), repeated=reading.repeated)
    with transaction.atomic():
        one_at_a_time("onboarding.adhesions")
        _apply(report, wanted, schools)
        if not report.is_empty:
            counts: dict[str, Any] = {
                name: len(getattr(report, name)) for name in ("added", "changed", "removed", "kept")
            }
            audit.record(actor=actor, action="onboarding.adhesions_loaded", schools=report.schools, **counts)
        transaction.set_rollback(is_trial)
    return report


# --- writing


def _apply(report: Report, wanted: Wanted, schools: dict[str, RefSchool]) -> None:
    cases = {case.insee: case for case in Case.objects.select_for_update(of=("self",))}
    signed = _signed_here()
    for insee in sorted(signed & set(wanted)):
        report.kept.append((insee, _("a une convention conclue sur la plateforme : elle est gardée telle quelle")))
        del wanted[insee]
    before = _imported()
    _remove(report, {insee: before[insee] for insee in before.keys() - wanted.keys()}, cases)
    same = {insee for insee in wanted.keys() & before.keys() if _lines(before[insee]) == wanted[insee]}
    report.changed = sorted((wanted.keys() & before.keys()) - same)
    report.added = sorted(wanted.keys() - before.keys())
    for insee in report.changed:
        _redate(before[insee], cases[insee], wanted[insee])
    ConventionSchool.objects.filter(convention__in=[before[insee] for insee in report.changed]).delete()
    new = _create(report.added, wanted, cases)
    conventions = new | {insee: before[insee] for insee in report.changed}
    ConventionSchool.objects.bulk_create(
        ConventionSchool(convention=convention, school=schools[uai], pupils=schools[uai].pupils, joined_on=day)
        for insee, convention in conventions.items()
        for uai, day in sorted(wanted[insee].items())
    )


def _signed_here() -> set[str]:
    """Communes with a convention of the platform signed by both, but for those that the demonstration shows; and those
    that came back after an end: a file of the history no longer speaks of them.
    """
    ours = Q(kind=Convention.Kind.INITIAL, case__is_demo=False) | Q(closed_on__isnull=False)
    both: Any = Convention.objects.filter(ours)
    both = both.alias(sides=Count("signatures")).filter(sides=2).order_by()
    return set(both.values_list("case__commune", flat=True))


def _imported() -> dict[str, Convention]:
    rows = Convention.objects.filter(kind=Convention.Kind.IMPORTED, closed_on=None).select_related("case")
    return {c.case.insee: c for c in rows.prefetch_related("annexed_schools")}


def _lines(convention: Convention) -> dict[str, Any]:
    return {line.school_id: line.joined_on for line in convention.annexed_schools.all()}


def _create(insees: list[str], wanted: Wanted, cases: dict[str, Case]) -> dict[str, Convention]:
    today = timezone.localdate()
    firsts = {insee: min(wanted[insee].values()) for insee in insees}
    fresh = [insee for insee in insees if insee not in cases]
    new = [
        Case(commune_id=insee, state=Case.State.SIGNED_BY_BOTH, state_since=firsts[insee], imported_on=today)
        for insee in fresh
    ]
    cases.update({case.insee: case for case in Case.objects.bulk_create(new)})
    CaseEvent.objects.bulk_create(
        CaseEvent(case=case, state=case.state, on=case.state_since, detail=_("reprise de l’historique")) for case in new
    )
    numbers = _numbers({day.year for day in firsts.values()})
    made = {
        insee: Convention(
            case=cases[insee],
            kind=Convention.Kind.IMPORTED,
            number=next(numbers[firsts[insee].year]),
            template_version=TEMPLATE,
            drafted_on=firsts[insee],
            imported_on=today,
        )
        for insee in sorted(insees, key=lambda insee: (firsts[insee], insee))
    }
    Convention.objects.bulk_create(made.values())
    ConventionSignature.objects.bulk_create(
        ConventionSignature(
            convention=convention,
            side=side,
            signer_name=_("signataire non repris"),
            signer_quality=quality,
            signed_on=firsts[insee],
            place="",
        )
        for insee, convention in made.items()
        for side, quality in ((Side.COMMUNE, _("maire")), (Side.ACADEMY, _("recteur de l’académie")))
    )
    return made


def _numbers(years: set[int]) -> dict[int, Iterator[str]]:
    """Those that follow, year by year; officers who draft meanwhile wait for us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", ["convention numbers"])
    return {year: _numbers_after(year) for year in years}


def _numbers_after(year: int) -> Iterator[str]:
    last = Convention.objects.filter(number__startswith=f"{year}-").aggregate(last=Max("number"))["last"]
    number = int(last[5:]) if last else 0
    while True:
        number += 1
        yield f"{year}-{number:04}"


def _redate(convention: Convention, case: Case, lines: dict[str, date]) -> None:
    first = min(lines.values())
    if convention.drafted_on == first:
        return
    Convention.objects.filter(pk=convention.pk).update(drafted_on=first)
    convention.signatures.update(signed_on=first)
    if case.imported_on and case.state == Case.State.SIGNED_BY_BOTH:
        Case.objects.filter(pk=case.pk).update(state_since=first)
        case.events.filter(state=Case.State.SIGNED_BY_BOTH).update(on=first)


def _remove(report: Report, gone: dict[str, Convention], cases: dict[str, Case]) -> None:
    """Those that left the file. Where people work, or both sides went on, the convention stays."""
    opened = {c.case.insee for c in gone.values() if _has_begun(c.case)}
    renewed = _renewed(gone) - opened
    report.kept += [
        (insee, _("a été ouverte : elle est gardée bien qu’absente du fichier")) for insee in sorted(opened)
    ]
    report.kept += [
        (insee, _("a été reconduite : elle est gardée bien qu’absente du fichier")) for insee in sorted(renewed)
    ]
    report.removed = sorted(gone.keys() - opened - renewed)
    conventions = [gone[insee].pk for insee in report.removed]
    ConventionSignature.objects.filter(convention__in=conventions).delete()
    Convention.objects.filter(pk__in=conventions).delete()
    cases_of: Any = Case.objects.filter(commune__in=list[Any](report.removed))
    alone = cases_of.filter(imported_on__isnull=False)
    untouched = alone.filter(state=Case.State.SIGNED_BY_BOTH, owner=None).exclude(_is_worked_on())
    vanished: set[Any] = set(untouched.values_list("commune", flat=True))
    Case.objects.filter(commune__in=vanished).delete()
    _back_to_prospects(alone.exclude(commune__in=vanished))
    for insee in vanished:
        cases.pop(insee, None)


def _has_begun(case: Case) -> bool:
    return case.imported_on is not None and case.state != Case.State.SIGNED_BY_BOTH


def _renewed(gone: dict[str, Convention]) -> set[str]:
    rows: Any = Convention.objects.filter(pk__in=[c.pk for c in gone.values()], renewals__isnull=False)
    return set(rows.order_by().values_list("case__commune", flat=True))


def _is_worked_on() -> Q:
    """Something hangs on the case besides its import: contacts, tasks, notes…"""
    found = Q()
    for relation in Case._meta.related_objects:
        if relation.related_model is not CaseEvent:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            found |= Q(Exists(rows))
    return found


def _back_to_prospects(cases: Any) -> None:
    """What was noted in them stays; the convention that they had is no more."""
    today, detail = timezone.localdate(), _("absente du nouveau fichier des adhésions")
    state = Case.State.PROSPECT
    CaseEvent.objects.bulk_create(CaseEvent(case=case, state=state, on=today, detail=detail) for case in cases)
    cases.update(state=state, state_since=today, imported_on=None)
