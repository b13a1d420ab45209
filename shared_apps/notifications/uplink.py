"""The one way from a commune up to the academy: a row of the commune's outbox, received by code that works in `public`.

    uplink.send("support.ticket_opened", key=f"ticket:{ticket.pk}", data={"ticket": ticket.pk, "category": "access"})

What may be sent is declared in `core.registry.uplink_handlers`, field by field. No personal data crosses: anything but
the declared ids, numbers, days and codes is refused here, before it is stored.
"""

import re
from datetime import date
from typing import Any
from uuid import UUID

from core import registry
from core.tenancy import in_public, require_commune
from shared_apps.notifications import outbox

KIND = "uplink"


def send(kind: str, *, key: str, data: dict[str, Any]) -> None:
    """Plan one message up, in the current transaction. Raises LookupError or ValueError: faults of ours."""
    require_commune()
    if kind not in registry.uplink_handlers:
        raise LookupError(f"No uplink of kind {kind!r} is declared")
    fields = registry.uplink_handlers[kind].fields
    if unknown := data.keys() - fields.keys():
        raise ValueError(f"{kind} does not declare {sorted(unknown)}")
    plain = {name: _plain(value, fields[name]) for name, value in data.items()}
    outbox.put(KIND, key=f"{KIND}:{key}", payload={"kind": kind, "data": plain})


def deliver(payload: dict[str, Any]) -> None:
    """Handler of the outbox, in the commune: its message is received in `public`, with the name of its schema."""
    schema = require_commune()
    handler = registry.uplink_handlers[payload["kind"]]
    with in_public():
        handler.receive(schema, payload["data"])


def _plain(value: Any, form: Any) -> Any:
    if value is not None and not _fits(value, form):
        raise ValueError("Only the declared ids, numbers, days and codes go up.")
    return str(value) if isinstance(value, UUID | date) else value


def _fits(value: Any, form: Any) -> bool:
    if isinstance(form, frozenset):
        return value in form
    if isinstance(form, re.Pattern):
        return isinstance(value, str) and form.fullmatch(value) is not None
    return isinstance(value, form) and form in (UUID, int, date) and not isinstance(value, bool)
