"""Writing the chain. How it is checked: `verification`."""

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from core.frozen_sql import Written
from core.ids import uuid7_text
from core.locks import one_at_a_time_next
from shared_apps.audit.models import Entry

GENESIS = "0" * 64
# The database finds the last entry and chains the new one to it, so that nobody waits for an answer (ADR 42). What is
# hashed is the text of `digest`, whose first and last values it alone knows.
APPEND = Written(
    """
    INSERT INTO audit_entry
        (id, sequence, at, actor_id, action, object_type, object_id, facts, segment, previous_hash, hash)
    SELECT %(id)s::uuid, rank, %(at)s::timestamptz, %(actor)s::uuid, %(action)s, %(about)s, %(key)s, %(facts)s::jsonb,
           %(segment)s, previous,
           encode(sha256(convert_to('[' || rank || ', ' || %(said)s || ', "' || previous || '"]', 'UTF8')), 'hex')
    FROM (SELECT) one
    LEFT JOIN LATERAL (SELECT sequence, hash FROM audit_entry ORDER BY sequence DESC LIMIT 1) last ON true,
    LATERAL (SELECT coalesce(last.sequence, 0) + 1, coalesce(last.hash, %(genesis)s)) chained (rank, previous)
    """,
    id="uuid",
    at="timestamptz",
    actor="uuid",
    action="text",
    about="text",
    key="text",
    facts="jsonb",
    segment="text",
    said="text",
    genesis="text",
)
_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False)
_quoted = json.encoder.encode_basestring  # a text as that encoder writes it
# An id, a code, a date. A sentence, a name with its space or an address has no place here.
_CODE = re.compile(r"[\w.:/+-]{0,80}")


def record(*, actor: Any, action: str, obj: models.Model | None = None, **facts: Any) -> None:
    """Add one entry, in the caller's transaction. `facts` are ids, counts and codes: never a name nor a text.

    It leaves with the next statement, COMMIT included; writers of one commune queue from there to the end of their
    transaction: record last, and keep it short.
    """
    now, plain, who = timezone.now(), _plain(facts), str(getattr(actor, "pk", None) or "")
    about = ["", ""] if obj is None else [obj._meta.label_lower, str(obj.pk)]
    segment = now.strftime("%Y-%m")
    written = _ENCODER.encode(plain) if plain else "{}"
    # As `digest` writes a list, without its ends.
    said = ", ".join([*map(_quoted, (_instant(now), who, action, *about)), written, _quoted(segment)])
    with transaction.atomic(savepoint=False):  # an act whose entry fails is not done either
        one_at_a_time_next("audit")
        APPEND.later([uuid7_text(), now, who or None, action, *about, written, segment, said, GENESIS])


def digest(entry: Entry) -> str:
    """Of an entry that was read."""
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
    return hashlib.sha256(_ENCODER.encode(value).encode()).hexdigest()


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
