"""Seats: asked for and given back by the communes, in the order in which they are heard.

Everything here is heard from a commune (`uplink`) and carries ids and codes only. A commune speaks for its own schools
and its own registrations: anything else is not heard.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from shared_apps.reference.models import RefSchool
from shared_apps.training.models import Registration, Session
from shared_apps.training.telling import tell
from tenants.models import Commune

State = Registration.State
log = logging.getLogger(__name__)


@transaction.atomic
def hear_request(schema: str, data: dict[str, Any]) -> None:
    """A seat, a place in the queue, or a refusal when it is too late. Heard twice, it changes nothing."""
    session = Session.objects.select_for_update(of=("self",)).filter(pk=data["session"]).first()
    school = _school_of(schema, data["uai"])
    if session is None or school is None:
        return _unheard(schema, "training.request", data["registration"])
    row = Registration.objects.filter(pk=data["registration"]).first()
    if row is not None and (row.schema != schema or row.session_id != session.pk):
        return _unheard(schema, "training.request", data["registration"])
    if row is not None and row.state not in (State.CANCELLED, State.REFUSED):
        return None
    if Registration.objects.filter(session=session, trainee=data["trainee"]).exclude(pk=data["registration"]).exists():
        return _unheard(schema, "training.request", data["registration"])
    row = row or Registration(pk=data["registration"], session=session, schema=schema)
    row.school, row.trainee = school, data["trainee"]
    row.asked_at, row.state = timezone.now(), _state_for(session)
    row.save()
    return tell([row], row.state)


@transaction.atomic
def hear_withdrawal(schema: str, data: dict[str, Any]) -> None:
    """The seat goes to the first who waits."""

    def withdraw(row: Registration, session: Session) -> None:
        if session.is_live and row.state in (State.CONFIRMED, State.WAITING):
            row.state = State.CANCELLED
            row.save(update_fields=["state", "updated_at"])
            fill_seats(session)
        # A word of ours may have crossed theirs: the last one told is what stands.
        tell([row], "withdrawn")

    _with_own(schema, data, "training.withdrawal", withdraw)


@transaction.atomic
def hear_rating(schema: str, data: dict[str, Any]) -> None:
    """Of those who were there; the comment stays in the commune."""

    def rate(row: Registration, _session: Session) -> None:
        if row.state == State.PRESENT and 1 <= data["rating"] <= 5:
            row.rating = data["rating"]
            row.save(update_fields=["rating", "updated_at"])

    _with_own(schema, data, "training.rating", rate)


def fill_seats(session: Session) -> int:
    """Free seats to those who wait, first come first served. The session's row is locked by the caller."""
    free = session.seats - session.registrations.seated().count()
    if free <= 0 or not session.is_live:
        return 0
    lucky = list(session.registrations.filter(state=State.WAITING).order_by("asked_at", "pk")[:free])
    Registration.objects.filter(pk__in=[row.pk for row in lucky]).update(
        state=State.CONFIRMED, updated_at=timezone.now()
    )
    tell(lucky, "promoted")
    return len(lucky)


def _state_for(session: Session) -> str:
    if not session.takes_registrations():
        return State.REFUSED
    has_seat = session.registrations.seated().count() < session.seats
    return State.CONFIRMED if has_seat else State.WAITING


def _school_of(schema: str, uai: str) -> RefSchool | None:
    """A school of the commune that speaks, of no other."""
    insee = Commune.objects.filter(schema_name=schema).values("insee")
    return RefSchool.objects.current().filter(uai=uai, commune_id__in=insee).first()


def _with_own(schema: str, data: dict[str, Any], what: str, act: Callable[[Registration, Session], None]) -> None:
    row = Registration.objects.of_schema(schema).filter(pk=data["registration"]).first()
    if row is None:
        return _unheard(schema, what, data["registration"])
    session = Session.objects.select_for_update(of=("self",)).get(pk=row.session_id)
    row.refresh_from_db()
    return act(row, session)


def _unheard(schema: str, what: str, registration: Any) -> None:
    log.warning("training.unheard", extra={"schema": schema, "kind": what, "object_id": registration})
