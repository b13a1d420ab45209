"""A session planned, changed, closed, cancelled: those registered are told each time it matters to them."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from shared_apps.training.models import Registration, Session
from shared_apps.training.services.registrations import fill_seats
from shared_apps.training.services.shared import locked, require
from shared_apps.training.telling import tell

State = Session.State
# What makes people come elsewhere or at another time.
MEETING = ("day", "starts_at", "ends_at", "place", "address", "room", "video_url")


@transaction.atomic
def plan_session(*, actor: Any, session: Session) -> Session:
    require(actor, "training.manage_sessions")
    session.save()
    record(actor=actor, action="training.session_planned", obj=session, day=session.day.isoformat())
    return session


@transaction.atomic
def change_session(*, actor: Any, session: Session) -> Session:
    """A new date or place is told to all; new seats go to those who wait, in their order."""
    require(actor, "training.manage_sessions")
    before = locked(session)
    _check_live(before)
    if session.seats < before.registrations.seated().count():
        raise DomainError(_("Il y a déjà plus d’inscrits que de places : gardez au moins autant de places."))
    has_moved = any(getattr(before, name) != getattr(session, name) for name in MEETING)
    session.state, session.sequence = before.state, before.sequence + 1
    session.save()
    if has_moved:
        tell(session.registrations.expected(), "moved")
    fill_seats(session)
    record(actor=actor, action="training.session_changed", obj=session, moved=int(has_moved))
    return session


@transaction.atomic
def close_session(*, actor: Any, session: Session) -> Session:
    """Nobody registers any more; the list is what it is."""
    return _turn(actor, session, State.OPEN, State.CLOSED, "training.session_closed")


@transaction.atomic
def reopen_session(*, actor: Any, session: Session) -> Session:
    return _turn(actor, session, State.CLOSED, State.OPEN, "training.session_reopened")


@transaction.atomic
def cancel_session(*, actor: Any, session: Session, reason: str) -> Session:
    """Everybody registered or waiting is told, with the reason."""
    require(actor, "training.manage_sessions")
    session = locked(session)
    _check_live(session)
    session.state, session.cancel_reason = State.CANCELLED, reason
    session.sequence += 1
    session.save(update_fields=["state", "cancel_reason", "sequence", "updated_at"])
    told = list(session.registrations.expected())
    Registration.objects.filter(pk__in=[row.pk for row in told]).update(state=Registration.State.CANCELLED)
    tell(told, "cancelled")
    record(actor=actor, action="training.session_cancelled", obj=session, told=len(told))
    return session


def _turn(actor: Any, session: Session, before: str, after: str, action: str) -> Session:
    require(actor, "training.manage_sessions")
    session = locked(session)
    if session.state != before:
        raise DomainError(_("Cette session a changé entre-temps : relisez sa page."))
    session.state = after
    session.save(update_fields=["state", "updated_at"])
    record(actor=actor, action=action, obj=session)
    return session


def _check_live(session: Session) -> None:
    if not session.is_live:
        raise DomainError(_("Cette session est tenue ou annulée : elle ne change plus."), code="over")
