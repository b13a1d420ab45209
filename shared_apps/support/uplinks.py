"""What communes send up of their requests for help and of the accesses they decide: headers, received in `public`."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core import registry
from shared_apps.support import notices
from shared_apps.support.hours import TARGETS, due_after, worked_minutes
from shared_apps.support.models import AccessRequest, TicketHeader
from shared_apps.support.vocabulary import PROFILES, UAI, AccessState, Category, EndedBy, Level, Priority, State
from tenants.models import Commune

HEADER, ACCESS = "support.header", "support.access"
HEADER_FIELDS = {
    "ticket": UUID,
    "version": int,
    "uai": UAI,
    "category": frozenset(Category.values),
    "priority": frozenset(Priority.values),
    "state": frozenset(State.values),
    "level": frozenset({str(Level.SCHOOL), str(Level.ACADEMY)}),
    "profile": PROFILES,
    **dict.fromkeys(("opened", "taken", "answered", "solved", "readable_until", "reopened", "rating"), int),
}
ACCESS_FIELDS = {
    "access": UUID,
    "state": frozenset(AccessState.values),
    "ends": int,
    "by": frozenset({*EndedBy.values, ""}),
}


def hear_header(schema: str, data: dict[str, Any]) -> None:
    """A commune speaks of its own requests only; an older message changes nothing."""
    commune = Commune.objects.get(schema_name=schema)
    row = TicketHeader.objects.select_for_update().filter(pk=data["ticket"]).first()
    if row is None:
        row = TicketHeader(pk=UUID(data["ticket"]), commune=commune)
    if row.commune_id != commune.pk or row.version >= data["version"]:
        return
    comes_up = data["level"] == Level.ACADEMY and row.level != Level.ACADEMY
    _write(row, data)
    row.save()
    if comes_up:
        notices.ticket_came_up(row)


def _write(row: TicketHeader, data: dict[str, Any]) -> None:
    for name in ("uai", "category", "priority", "state", "level", "profile", "reopened", "rating", "version"):
        setattr(row, name, data[name])
    moments = {"opened_at": "opened", "taken_at": "taken", "answered_at": "answered", "solved_at": "solved"}
    for field, name in (moments | {"readable_until": "readable_until"}).items():
        setattr(row, field, _moment(data[name]))
    answer, solution = TARGETS[Priority(row.priority)]
    row.answer_due_at, row.solve_due_at = due_after(row.taken_at, answer), due_after(row.taken_at, solution)
    row.answer_minutes = worked_minutes(row.taken_at, row.answered_at) if row.answered_at else None
    row.solve_minutes = worked_minutes(row.taken_at, row.solved_at) if row.solved_at else None
    if row.level != Level.ACADEMY:
        row.assigned_to = None


def hear_access(schema: str, data: dict[str, Any]) -> None:
    """Decided, or ended, by the commune. What ended stays ended."""
    rows = AccessRequest.objects.select_for_update().filter(pk=data["access"], commune__schema_name=schema)
    row = rows.exclude(state=AccessState.ENDED).first()
    if row is None:
        return
    row.state, row.ended_by = data["state"], data["by"]
    row.ends_at = _moment(data["ends"]) or row.ends_at
    if row.state == AccessState.ENDED:
        row.ended_at = datetime.now(tz=UTC)
    row.save()
    notices.access_changed(row)


def _moment(seconds: int | None) -> Any:
    return datetime.fromtimestamp(seconds, tz=UTC) if seconds is not None else None


def declare() -> None:
    registry.uplink_handlers.register(HEADER, registry.Uplink(HEADER_FIELDS, hear_header))
    registry.uplink_handlers.register(ACCESS, registry.Uplink(ACCESS_FIELDS, hear_access))
