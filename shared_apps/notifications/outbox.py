"""Effects leave the transaction by here: planned with it, produced after it, once.

    outbox.put("liaison.note_published", key=f"note:{note.pk}:{account.pk}", payload={"note": str(note.pk)})

The kind names a handler of `core.registry.outbox_handlers`, which gets the payload in the entry's own schema.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import registry
from shared_apps.notifications.models import OutboxEntry

MAX_ATTEMPTS = 8
MAX_DELAY = timedelta(hours=1)


def put(kind: str, *, key: str, payload: dict[str, Any] | None = None, not_before: datetime | None = None) -> None:
    """Plan one effect in the current transaction. The same key a second time changes nothing."""
    if kind not in registry.outbox_handlers:
        raise LookupError(f"No handler for outbox kind {kind!r}")
    entry = OutboxEntry(kind=kind, key=key, payload=payload or {}, not_before=not_before or timezone.now())
    OutboxEntry.objects.bulk_create([entry], ignore_conflicts=True)
    transaction.on_commit(_wake)


def _wake() -> None:
    from shared_apps.notifications import tasks

    tasks.wake()


def deliver_due(*, limit: int = 200) -> int:
    """Produce the effects that are due in the current schema, oldest first. Returns how many were delivered."""
    delivered = 0
    for _turn in range(limit):
        outcome = _deliver_one()
        if outcome is None:
            break
        delivered += outcome
    return delivered


def _deliver_one() -> bool | None:
    """True: delivered; False: put off; None: nothing is due. The row's lock keeps a second worker away."""
    with transaction.atomic():
        entry = OutboxEntry.objects.due().select_for_update(skip_locked=True).first()
        if entry is None:
            return None
        try:
            with transaction.atomic():
                registry.outbox_handlers[entry.kind](entry.payload)
        except Exception as error:  # any fault of a handler puts its entry off, and only it
            _put_off(entry, error)
            return False
        entry.delivered_at = timezone.now()
        entry.save(update_fields=["delivered_at", "updated_at"])
        return True


def _put_off(entry: OutboxEntry, error: Exception) -> None:
    entry.attempts += 1
    entry.error = type(error).__name__
    if entry.attempts >= MAX_ATTEMPTS:
        entry.failed_at = timezone.now()
    entry.not_before = timezone.now() + min(timedelta(seconds=15) * 2**entry.attempts, MAX_DELAY)
    entry.save(update_fields=["attempts", "error", "failed_at", "not_before", "updated_at"])
