"""Effects leave the transaction by here: planned with it, produced after it, once.

    outbox.put("liaison.note_published", key=f"note:{note.pk}:{account.pk}", payload={"note": str(note.pk)})

The kind names a handler of `core.registry.outbox_handlers`, which gets the payload in the entry's own schema. The
handler's writes and the entry's « delivered » are one transaction: in our tables an effect happens once. Towards the
outside (a mail server) it is at least once: a worker killed between the sending and the commit sends again.

Whatever people receive (`stops.SENDS`) passes the academy's emergency switches here, as late as can be.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from core import registry
from core.tenancy import current_schema, in_schema
from shared_apps.notifications.models import OutboxEntry
from tenants import stops
from tenants.pauses import NEEDED, is_paused

MAX_ATTEMPTS = 8
FIRST_DELAY = timedelta(seconds=30)
MAX_DELAY = timedelta(hours=1)
HELD = timedelta(seconds=30)  # what an emergency switch keeps is asked again so often
log = logging.getLogger(__name__)


class Effect(NamedTuple):
    key: str
    payload: dict[str, Any]


def put(kind: str, *, key: str, payload: dict[str, Any] | None = None, not_before: datetime | None = None) -> None:
    """Plan one effect in the current transaction. The same key a second time changes nothing."""
    put_all(kind, [Effect(key, payload or {})], not_before=not_before)


def put_all(kind: str, effects: Iterable[Effect], *, not_before: datetime | None = None) -> None:
    """The same for many, in one INSERT."""
    if kind not in registry.outbox_handlers:
        raise LookupError(f"No handler for outbox kind {kind!r}")
    moment = not_before or timezone.now()
    entries = [OutboxEntry(kind=kind, key=e.key, payload=e.payload, not_before=moment) for e in effects]
    if entries:
        OutboxEntry.objects.bulk_create(entries, ignore_conflicts=True)
        wake_on_commit()


def wake_on_commit() -> None:
    """One message to the workers per transaction, however many effects it planned, for the schema that planned them."""
    wake: Any = _Wake(current_schema())
    callbacks: Any = connection.run_on_commit
    planned = (func for sids, func, _robust in callbacks if sids <= set(connection.savepoint_ids))
    if wake not in planned:
        transaction.on_commit(wake)


class _Wake(NamedTuple):
    schema: str

    def __call__(self) -> None:
        from shared_apps.notifications import tasks

        with in_schema(self.schema):
            tasks.wake()


def deliver_due(*, limit: int = 200) -> int:
    """Produce the effects that are due in the current schema, oldest first. Returns how many were tried."""
    is_quiet = is_paused(current_schema())
    for tried in range(limit):
        if not _deliver_one(is_quiet):
            return tried
    return limit


def _deliver_one(is_quiet: bool) -> bool:
    """False when nothing is due. `is_quiet`: what is not needed waits. The row's lock keeps a second worker away."""
    with transaction.atomic():
        due = OutboxEntry.objects.due()
        if is_quiet:
            due = due.filter(kind__in=NEEDED)
        entry = due.select_for_update(skip_locked=True).first()
        if entry is None:
            return False
        if entry.kind in stops.SENDS and not stops.may_send(stops.Sent.of_payload(entry.payload)):
            entry.not_before = timezone.now() + HELD
            entry.save(update_fields=["not_before", "updated_at"])
            return True
        try:
            with transaction.atomic():
                registry.outbox_handlers[entry.kind](entry.payload)
        except Exception as error:  # any fault of a handler puts its entry off, and only it
            _put_off(entry, error)
            return True
        entry.delivered_at = timezone.now()
        entry.save(update_fields=["delivered_at", "updated_at"])
        return True


def _put_off(entry: OutboxEntry, error: Exception) -> None:
    """Again after 30 s, 1 min, 2 min… 1 h at most; after 8 tries an operator must look (`manage.py outbox`)."""
    entry.attempts += 1
    entry.error = type(error).__name__
    facts = {"kind": entry.kind, "object_id": entry.pk, "attempt": entry.attempts, "error": entry.error}
    if entry.attempts >= MAX_ATTEMPTS:
        entry.failed_at = timezone.now()
        log.error("outbox.given_up", extra=facts)
    else:
        log.warning("outbox.put_off", extra=facts)
    entry.not_before = timezone.now() + min(FIRST_DELAY * 2 ** (entry.attempts - 1), MAX_DELAY)
    entry.save(update_fields=["attempts", "error", "failed_at", "not_before", "updated_at"])


def try_again(entries: Iterable[OutboxEntry]) -> int:
    """What was given up, from the first try: the cause was mended."""
    keys = [entry.pk for entry in entries]
    now = timezone.now()
    count = OutboxEntry.objects.filter(pk__in=keys).update(failed_at=None, attempts=0, not_before=now, updated_at=now)
    wake: Any = _Wake(current_schema())
    transaction.on_commit(wake)
    return count
