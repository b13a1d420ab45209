"""Who came. What is ticked gives a certificate; it is counted by school."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.ids import uuid7
from core.locks import one_at_a_time
from shared_apps.audit.services import record
from shared_apps.reference.models import RefSchool
from shared_apps.training.certificates import Certificate, certificate_pdf
from shared_apps.training.models import Registration, Session
from shared_apps.training.services.shared import locked, require
from shared_apps.training.telling import names_of, tell

State = Registration.State


@transaction.atomic
def read_names(*, actor: Any, session: Session) -> dict[Any, Any]:
    """Whom the lines of the attendance sheet mean. Each reading leaves its trace."""
    require(actor, "training.take_attendance")
    rows = list(session.registrations.seated())
    names = names_of(rows)
    record(actor=actor, action="training.names_read", obj=session, lines=len(rows))
    return names


@transaction.atomic
def add_on_site(*, actor: Any, session: Session, school: RefSchool) -> Registration:
    """Somebody came without having registered, and has no account yet: counted for the school, without a name. The
    number is that of a certificate on which the trainer has the name printed.
    """
    require(actor, "training.take_attendance")
    session = locked(session)
    _check_has_come(session)
    row = Registration(session=session, school=school, trainee=uuid7(), state=State.PRESENT)
    _give_numbers([row], session.day.year)
    row.save(force_insert=True)
    record(actor=actor, action="training.added_on_site", obj=session, uai=school.uai)
    return row


@transaction.atomic
def print_walk_in(*, actor: Any, registration: Registration, name: str) -> bytes:
    """The name goes on the paper, and into the code that proves it: it is kept nowhere."""
    require(actor, "training.take_attendance")
    session = registration.session
    record(actor=actor, action="training.walk_in_printed", obj=registration)
    return certificate_pdf(
        Certificate(
            registration=registration.pk,
            number=registration.certificate or "",
            name=name,
            school=registration.school.name,
            title=session.training.title,
            level=session.training.get_level_display(),
            hours=session.training.hours,
            day=session.day,
            where=session.where,
        )
    )


@transaction.atomic
def record_attendance(*, actor: Any, session: Session, present: Collection[Any]) -> int:
    """The session was held: ticked are present, the others absent. May be corrected; a number given once stays."""
    require(actor, "training.take_attendance")
    session = locked(session)
    _check_has_come(session)
    rows = list(session.registrations.seated().order_by("asked_at", "pk"))
    for row in rows:
        row.state = State.PRESENT if row.pk in present else State.ABSENT
    _give_numbers([row for row in rows if row.state == State.PRESENT], session.day.year)
    Registration.objects.bulk_update(rows, ["state", "certificate"])
    _refuse_the_queue(session)
    session.state = Session.State.DONE
    session.save(update_fields=["state", "updated_at"])
    tell(rows, "attendance")
    came = sum(row.state == State.PRESENT for row in rows)
    record(actor=actor, action="training.attendance_recorded", obj=session, present=came, absent=len(rows) - came)
    return came


def _refuse_the_queue(session: Session) -> None:
    waited = list(session.registrations.filter(state=State.WAITING))
    for row in waited:
        row.state = State.REFUSED
    Registration.objects.bulk_update(waited, ["state"])
    tell(waited, "refused")


def _give_numbers(rows: list[Registration], year: int) -> None:
    """« 2026-00042 », one after the other within the year."""
    waiting = [row for row in rows if row.certificate is None]
    if not waiting:
        return
    one_at_a_time("training.certificates")
    given = Registration.objects.filter(certificate__startswith=f"{year}-").order_by("-certificate")
    last = given.values_list("certificate", flat=True).first()
    first = int(last.split("-")[1]) + 1 if last else 1
    for number, row in enumerate(waiting, first):
        row.certificate = f"{year}-{number:05}"


def _check_has_come(session: Session) -> None:
    if session.state == Session.State.CANCELLED:
        raise DomainError(_("Cette session est annulée."), code="cancelled")
    if session.day > timezone.localdate():
        raise DomainError(_("L’émargement s’ouvre le jour de la session."), code="too_early")
