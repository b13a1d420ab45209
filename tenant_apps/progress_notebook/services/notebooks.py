"""The notebook of a period and the summary: written by the teacher, validated by the head, signed by the guardians."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from shared_apps.signatures import services as signatures
from shared_apps.signatures.models import Slot
from tenant_apps.people.editions import Signing, digest_of
from tenant_apps.progress_notebook import notices
from tenant_apps.progress_notebook.contents import content_of
from tenant_apps.progress_notebook.domains import LINES
from tenant_apps.progress_notebook.models import Acquisition, Edition, Notebook, Observation, Period
from tenant_apps.progress_notebook.querysets import PURPOSE
from tenant_apps.progress_notebook.services import check
from tenant_apps.progress_notebook.services.observations import enrolled_in
from tenant_apps.schools.models import School

SIGNED = Signing(PURPOSE)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed in a pupil's notebook, and the version it was typed over."""

    version: int
    appreciation: str = ""
    points: dict[str, str] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """A pupil of a class in a period: its notebook, begun or not, and how many observations its family sees of it."""

    notebook: Notebook
    shared: int
    placed: int  # lines of the summary that have a position

    @property
    def is_ready(self) -> bool:
        """For the head: something to read in a notebook; each line of a summary."""
        if self.notebook.is_validated:
            return False
        if self.notebook.period.is_summary:
            return self.placed == len(LINES)
        return bool(self.shared or self.notebook.appreciation)


@transaction.atomic
def save_period(*, actor: Any, period: Period) -> Period:
    """Raises DomainError: already_made."""
    if not School.objects.headed_by(actor).filter(pk=period.school_id).exists():
        raise PermissionDenied
    try:
        with transaction.atomic():
            period.save()
    except IntegrityError as error:
        raise DomainError(_("Cette période existe déjà."), code="already_made") from error
    record(actor=actor, action="progress_notebook.period_saved", obj=period, is_open=period.is_open)
    return period


@transaction.atomic
def set_open(*, actor: Any, period: Period, is_open: bool) -> None:
    """Written in or not from now on; what is so already stays as it is."""
    period = Period.objects.select_for_update(of=("self",)).get(pk=period.pk)
    if period.is_open != is_open:
        period.is_open = is_open
        save_period(actor=actor, period=period)


def lines_of(school_class: Any, period: Period) -> list[Line]:
    """The pupils concerned today, by name. Four queries, however many children."""
    enrolled = list(enrolled_in(school_class, period.grades()))
    pupils = [row.pupil_id for row in enrolled]
    kept = Notebook.objects.filter(period=period, pupil__in=pupils).select_related("school_class__school")
    found = {one.pupil_id: one for one in kept.annotate(placed=Count("acquisitions"))}
    shared = _count_shared(period, pupils)
    lines = []
    for row in enrolled:
        one = found.get(row.pupil_id) or Notebook(period=period, pupil=row.pupil, school_class=school_class)
        one.period, one.pupil = period, row.pupil
        if not one.is_validated:
            one.school_class, one.grade = school_class, row.grade
        lines.append(Line(one, shared.get(row.pupil_id, 0), getattr(one, "placed", 0)))
    return lines


def _count_shared(period: Period, pupils: Collection[Any]) -> dict[Any, int]:
    rows = Observation.objects.shared().filter(pupil__in=pupils).seen_between(period.starts_on, period.ends_on)
    return dict(rows.order_by().values_list("pupil").annotate(n=Count("pk")))


def line_of(school_class: Any, period: Period, pupil_id: Any) -> Line | None:
    return next((one for one in lines_of(school_class, period) if one.notebook.pupil_id == pupil_id), None)


@transaction.atomic
def write(*, actor: Any, school_class: Any, period: Period, pupil_id: Any, typed: Typed) -> Notebook:
    """Raises DomainError: closed, frozen, conflict (somebody wrote since it was read)."""
    check(actor, "progress_notebook.write_observations", school_class)
    period = _locked(period)
    if not period.is_open:
        raise DomainError(_("Cette période est fermée : les carnets ne s’écrivent plus."), code="closed")
    line = line_of(school_class, period, pupil_id)
    if line is None:
        raise PermissionDenied
    notebook = line.notebook
    if notebook.is_validated:
        raise DomainError(_("Un carnet validé ne change plus."), code="frozen")
    if notebook.version != typed.version:
        raise DomainError(_("Quelqu’un a écrit dans ce carnet pendant que vous écriviez."), code="conflict")
    notebook.appreciation, notebook.points = typed.appreciation, typed.points
    notebook.version, notebook.changed_by = notebook.version + 1, actor
    notebook.save()
    if period.is_summary:
        notebook.acquisitions.exclude(line__in=typed.positions).delete()
        for line_code, position in typed.positions.items():
            Acquisition.objects.update_or_create(notebook=notebook, line=line_code, defaults={"position": position})
    return notebook


@transaction.atomic
def validate(*, actor: Any, school_class: Any, period: Period, pupil_id: Any = None) -> int:
    """Those of a class that are ready, or one of them: frozen, shown to the families, to sign. Returns how many.

    Raises DomainError: nothing_ready.
    """
    check(actor, "progress_notebook.validate_notebooks", school_class)
    period = _locked(period)
    ready = [one.notebook for one in lines_of(school_class, period) if one.is_ready]
    ready = [one for one in ready if pupil_id in (None, one.pupil_id)]
    if not ready:
        raise DomainError(_("Aucun carnet n’est prêt."), code="nothing_ready")
    editions = [_freeze(actor, notebook) for notebook in ready]
    for edition in editions:
        each, due_on = period.needs_each_guardian, period.year.ends_on
        SIGNED.ask(actor=actor, edition=edition, needs_each=each, due_on=due_on)
    facts = {"notebooks": len(editions), "school_class": school_class.pk}
    record(actor=actor, action="progress_notebook.validated", obj=period, **facts)
    notices.validated(editions)
    return len(editions)


def _freeze(actor: Any, notebook: Notebook) -> Edition:
    now, content = timezone.now(), content_of(notebook)
    reason, notebook.reopened_for, notebook.validated_at = notebook.reopened_for, "", now
    notebook.save()
    return Edition.objects.create(
        notebook=notebook,
        number=notebook.editions.count() + 1,
        content=content,
        digest=digest_of(content),
        reason=reason,
        validated_at=now,
        validated_by_id=actor.pk,
    )


@transaction.atomic
def reopen(*, actor: Any, school_class: Any, period: Period, reason: str, pupil_id: Any = None) -> int:
    """To correct what was validated, of a class or of one child. What families read and signed stays, and is no
    longer signed. Returns how many. Raises DomainError: closed, not_validated.
    """
    check(actor, "progress_notebook.validate_notebooks", school_class)
    period = _locked(period)
    if not period.is_open:
        raise DomainError(_("Cette période est fermée : ouvrez-la d’abord, pour qu’on puisse corriger."), code="closed")
    lines = [one.notebook for one in lines_of(school_class, period) if one.notebook.is_validated]
    notebooks = [one for one in lines if pupil_id in (None, one.pupil_id)]
    if not notebooks:
        raise DomainError(_("Aucun carnet n’est validé."), code="not_validated")
    asked = SIGNED.requests_of(_last_editions(notebooks))
    for request in asked.values():
        signatures.close(actor=actor, request=request)
    for notebook in notebooks:
        notebook.validated_at, notebook.reopened_for = None, reason
        notebook.version += 1
        notebook.save(update_fields=["validated_at", "reopened_for", "version", "updated_at"])
        record(actor=actor, action="progress_notebook.reopened", obj=notebook)
    return len(notebooks)


def _last_editions(notebooks: Iterable[Notebook]) -> list[Edition]:
    rows = Edition.objects.filter(notebook__in=[one.pk for one in notebooks]).last_ones()
    return list(rows.select_related("notebook__pupil__person", "notebook__period"))


def editions_of(school_class: Any, period: Period) -> list[Edition]:
    """What the families of a class have to sign now: the last edition of each validated notebook, by name."""
    pupils = enrolled_in(school_class, period.grades()).order_by().values("pupil")
    rows = _last_editions(Notebook.objects.validated().filter(period=period, pupil__in=pupils))
    return sorted(rows, key=lambda one: (one.notebook.pupil.person.sort_name, one.pupil_id))


def read(*, actor: Any, edition: Edition) -> None:
    """A guardian opened it."""
    SIGNED.mark_read(actor=actor, edition=edition)


@transaction.atomic
def sign(*, actor: Any, edition: Edition) -> Slot:
    """Raises DomainError: closed."""
    check(actor, "progress_notebook.sign_edition", edition)
    return SIGNED.sign(actor=actor, edition=edition)


@transaction.atomic
def record_paper(*, actor: Any, school_class: Any, edition: Edition, signer_id: Any) -> None:
    """One adult signed on paper. Raises DomainError: unknown_adult, already_signed, closed."""
    check(actor, "progress_notebook.follow_signatures", school_class)
    SIGNED.record_paper(actor=actor, edition=edition, signer_id=signer_id)


@transaction.atomic
def remind(*, actor: Any, school_class: Any, period: Period) -> int:
    """Those whose signature is missing, at most once a day each. Returns how many adults."""
    check(actor, "progress_notebook.follow_signatures", school_class)
    today = timezone.localdate()
    told = SIGNED.remind(editions_of(school_class, period), on=today)
    notices.reminded(told, on=today)
    if told:
        facts = {"adults": len(told), "school_class": school_class.pk}
        record(actor=actor, action="progress_notebook.reminded", obj=period, **facts)
    return len({signer for _edition, signer in told})


def _locked(period: Period) -> Period:
    return Period.objects.select_for_update(of=("self",)).select_related("year", "school").get(pk=period.pk)
