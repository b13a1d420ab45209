"""The state of the service as one small file. It is read without the database, and written while it answers.

Written at each change and each minute, in the folder that web and worker share; read by `pages.py`.
"""

import json
import logging
import os
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error
from django.utils import timezone

from core.tenancy import in_public
from shared_apps.maintenance.models import Incident, Part, PartDay, Window

log = logging.getLogger(__name__)
DAYS = 90
FILE = "etat.json"


def path() -> Path:
    return Path(settings.ENT_STATUS_DIR) / FILE


def write_state() -> bool:
    """Whether it could: a lost database or a full disk stops nobody's act."""
    try:
        with in_public():
            _put(json.dumps(describe(), ensure_ascii=False))
    except (Error, OSError) as error:
        log.warning("status.unwritten", extra={"error": type(error).__name__})
        return False
    return True


def _put(text: str) -> None:
    """Whole, or not at all: somebody may read at this moment."""
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(partial).chmod(0o644)
        Path(partial).replace(target)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise


def read_state() -> dict[str, Any] | None:
    try:
        return json.loads(path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


# --- what it says: services, numbers of communes, sentences of the academy; nothing of a person nor of one place


def describe() -> dict[str, Any]:
    now = timezone.now()
    since = now - timedelta(days=DAYS)
    windows = list(Window.objects.ahead())
    past = list(Window.objects.behind().filter(starts_at__gte=since)[:20])
    incidents = list(Incident.objects.since(since).prefetch_related("updates")[:50])
    return {
        "written_at": now.isoformat(),
        "parts": _parts(now, incidents, windows),
        "incidents": [_incident(row) for row in incidents],
        "windows": [_window(row) for row in windows],
        "past_windows": [_window(row) for row in past],
    }


def _affected(row: Any) -> dict[str, Any]:
    """How many communes, never which: each of them is told on its own pages, the others have no need to know."""
    return {
        "id": str(row.pk),
        "title": row.title,
        "places": len(row.communes),  # 0: everywhere
        "parts": row.parts_in_words,
    }


def _incident(row: Incident) -> dict[str, Any]:
    return _affected(row) | {
        "severity": row.severity,
        "started_at": row.started_at.isoformat(),
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        "cause": row.cause,
        "updates": [{"at": update.at.isoformat(), "words": update.words} for update in row.updates.all()],
    }


def _window(row: Window) -> dict[str, Any]:
    return _affected(row) | {
        "detail": row.detail,
        "access": row.access,
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "cancelled": row.cancelled_at is not None,
        "cancelled_because": row.cancelled_because,
    }


def _parts(now: Any, incidents: list[Incident], windows: list[Window]) -> list[dict[str, Any]]:
    today = timezone.localdate(now)
    days = [today - timedelta(days=n) for n in reversed(range(DAYS))]
    rows = {(row.part, row.day): row for row in PartDay.objects.filter(day__gte=days[0])}
    return [_part(part, days, rows, incidents, windows) for part in Part]


def _part(
    part: Part, days: list[date], rows: dict[Any, PartDay], incidents: list[Incident], windows: list[Window]
) -> dict[str, Any]:
    mine = {day: rows[(part.value, day)] for day in days if (part.value, day) in rows}
    latest = max(mine.values(), key=lambda row: row.last_at, default=None)
    checks, failures = sum(row.checks for row in mine.values()), sum(row.failures for row in mine.values())
    return {
        "code": part.value,
        "label": str(part.label),
        "state": _state(part, latest, incidents, windows),
        "checks": checks,
        "failures": failures,
        "days": [_day(day, mine.get(day)) for day in days],
    }


def _day(day: date, row: PartDay | None) -> dict[str, Any]:
    return {"day": day.isoformat(), "checks": row.checks if row else 0, "failures": row.failures if row else 0}


def _state(part: Part, latest: PartDay | None, incidents: list[Incident], windows: list[Window]) -> str:
    """down | disturbed | maintenance | ok | unknown: what the academy says, then what was measured."""
    said = {row.severity for row in incidents if not row.is_over and (not row.parts or part.value in row.parts)}
    if Incident.Severity.CRITICAL in said or (latest is not None and not latest.is_up):
        return "down"
    if said:
        return "disturbed"
    if any(row.state == "running" and (not row.parts or part.value in row.parts) for row in windows):
        return "maintenance"
    return "ok" if latest is not None else "unknown"
