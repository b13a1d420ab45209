"""Writing and checking the chain."""

import hashlib
import json
from datetime import datetime
from typing import Any

from core.tenancy import current_schema
from django.db import connection, models, transaction
from django.utils import timezone

from shared_apps.audit.models import Entry

GENESIS = "0" * 64


def record(*, actor: Any, action: str, obj: models.Model | None = None, **facts: Any) -> Entry:
    """Add one entry, in the caller's transaction. `facts` are ids, counts and codes: never a name nor a text."""
    with transaction.atomic():
        _one_writer_at_a_time()
        last = Entry.objects.order_by("-sequence").values("sequence", "hash").first()
        now = timezone.now()
        entry = Entry(
            sequence=last["sequence"] + 1 if last else 1,
            at=now,
            actor_id=getattr(actor, "pk", None),
            action=action,
            object_type=obj._meta.label_lower if obj is not None else "",
            object_id=str(obj.pk) if obj is not None else "",
            facts=facts,
            segment=now.strftime("%Y-%m"),
            previous_hash=last["hash"] if last else GENESIS,
        )
        entry.hash = digest(entry)
        entry.save(force_insert=True)
    return entry


def digest(entry: Entry) -> str:
    value = [
        entry.sequence,
        _instant(entry.at),
        str(entry.actor_id or ""),
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.facts,
        entry.previous_hash,
    ]
    return hashlib.sha256(
        json.dumps(value, sort_keys=True, ensure_ascii=False, default=str).encode()
    ).hexdigest()


def first_broken(entries: Any = None) -> Entry | None:
    """The first entry that doesn't follow from the one before it, or None when the chain holds."""
    previous: Entry | None = None
    for entry in entries if entries is not None else Entry.objects.order_by("sequence").iterator():
        follows = previous is None or (
            entry.previous_hash == previous.hash and entry.sequence == previous.sequence + 1
        )
        if not follows or entry.hash != digest(entry):
            return entry
        previous = entry
    return None


def _instant(at: datetime) -> str:
    return at.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds")


def _one_writer_at_a_time() -> None:
    """The chain has one end: writers of a commune queue on a lock that their transaction gives back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"audit:{current_schema()}"])
