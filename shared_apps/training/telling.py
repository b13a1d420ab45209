"""From the academy down to a commune: what became of a registration. Planned in public, heard in the commune."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction

from core import registry
from core.ids import uuid7
from core.tenancy import in_schema
from shared_apps.notifications import outbox
from shared_apps.training.models import Registration, Session

TELL = "training.tell"
DESK = "trainees"


def tell(registrations: Iterable[Registration], occasion: str, *, once: str = "") -> None:
    """`once`: the same word twice is told once (reminders). Nobody hears for those who came unannounced."""
    effects = [
        outbox.Effect(
            f"{TELL}:{row.pk}:{occasion}:{once or uuid7()}", {"registration": str(row.pk), "occasion": occasion}
        )
        for row in registrations
        if row.is_of_a_commune
    ]
    outbox.put_all(TELL, effects)


def deliver(payload: dict[str, Any]) -> None:
    """Handler of the outbox, in public."""
    row = Registration.objects.select_related("session__training").filter(pk=payload["registration"]).first()
    if row is None:
        return
    word = {"registration": row.pk, "state": row.state, "occasion": payload["occasion"]}
    word |= {"certificate": row.certificate or "", "session": facts_of(row.session)}
    with in_schema(row.schema), transaction.atomic():
        registry.training_desks[DESK].hear(word)


def facts_of(session: Session) -> dict[str, Any]:
    return {
        "id": session.pk,
        "title": session.training.title,
        "level": session.training.get_level_display(),
        "hours": session.training.hours,
        "day": session.day,
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "where": session.where,
        "reason": session.cancel_reason,
    }


def names_of(registrations: Iterable[Registration]) -> dict[UUID, registry.Trainee]:
    """Read in each commune, kept nowhere here. A commune that can't answer leaves its lines without a name."""
    names: dict[UUID, registry.Trainee] = {}
    for schema, ids in _by_schema(registrations).items():
        with in_schema(schema):
            names |= registry.training_desks[DESK].names(ids)
    return names


def comments_of(registrations: Iterable[Registration]) -> list[str]:
    """What trainees wrote, without their names."""
    found: list[str] = []
    for schema, ids in _by_schema(registrations).items():
        with in_schema(schema):
            found += registry.training_desks[DESK].comments(ids)
    return sorted(found)


def _by_schema(registrations: Iterable[Registration]) -> dict[str, list[UUID]]:
    """Only the communes that answer: those that are open."""
    from tenants.models import Commune

    rows: dict[str, list[UUID]] = {}
    for row in registrations:
        if row.is_of_a_commune:
            rows.setdefault(row.schema, []).append(row.pk)
    reachable = Commune.objects.filter(schema_name__in=rows, state__in=Commune.REACHABLE)
    return {schema: rows[schema] for schema in reachable.order_by("schema_name").values_list("schema_name", flat=True)}
