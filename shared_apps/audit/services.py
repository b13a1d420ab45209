"""Writing the chain. How it is checked: `verification`."""

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from core.bulk import insert_one
from core.locks import one_at_a_time
from shared_apps.audit.models import Entry

GENESIS = "0" * 64
LAST = "SELECT sequence, hash FROM audit_entry ORDER BY sequence DESC LIMIT 1"
# An id, a code, a date. A sentence, a name with its space or an address has no place here.
_CODE = re.compile(r"[\w.:/+-]{0,80}")


def record(*, actor: Any, action: str, obj: models.Model | None = None, **facts: Any) -> Entry:
    """Add one entry, in the caller's transaction. `facts` are ids, counts and codes: never a name nor a text.

    Writers of one commune queue from here to the end of their transaction: record last, and keep it short.
    """
    plain = _plain(facts)
    with transaction.atomic(savepoint=False):  # an act whose entry fails is not done either
        last = next(iter(one_at_a_time("audit", then=LAST)), None)
        now = timezone.now()
        entry = Entry(
            sequence=last[0] + 1 if last else 1,
            at=now,
            actor_id=getattr(actor, "pk", None),
            action=action,
            object_type=obj._meta.label_lower if obj is not None else "",
            object_id=str(obj.pk) if obj is not None else "",
            facts=plain,
            segment=now.strftime("%Y-%m"),
            previous_hash=last[1] if last else GENESIS,
        )
        entry.hash = digest(entry)
        insert_one(entry)
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
        entry.segment,
        entry.previous_hash,
    ]
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """As the database will give it back, so that its hash is the same; ValueError for what could name somebody."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in (sorted(value) if isinstance(value, set | frozenset) else value)]
    text = str(value)
    if not _CODE.fullmatch(text):
        raise ValueError("The audit holds ids, counts and codes: no text.")
    return text


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
