"""Visits wait here for a second or two, then leave together: a page pays a millionth of a second, and no query.

The thread that sends them talks to the cache alone; it stands in no commune, each visit names its own.
"""

import atexit
import logging
import os
import threading
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from tenant_apps.usage import trail

MOST = 20_000  # a cache that does not answer must not fill the memory
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Visit:
    schema: str
    day: date
    uai: str
    profile: str
    service: str
    slot: int  # half-hour of the day
    device: str
    account: Any
    opened: str = ""  # when its session was opened, if it was that day


_waiting: list[Visit] = []
_lock = threading.Lock()
_wake = threading.Event()
_process = 0  # the one whose thread runs: a fork has none


def note(visit: Visit) -> None:
    with _lock:
        if len(_waiting) < MOST:
            _waiting.append(visit)
    if not settings.ENT_USAGE_WAIT:
        flush()
    elif _process != os.getpid():
        _start()


def flush() -> None:
    """Send what waits. A fault of the cache loses it: statistics never stop a page."""
    with _lock:
        visits, _waiting[:] = list(_waiting), []
    try:
        _send(visits)
    except Exception as error:  # whatever the cache's client raises
        log.warning("usage.lost", extra={"count": len(visits), "error": type(error).__name__})


def _send(visits: list[Visit]) -> None:
    sets: dict[tuple[str, date], list[Visit]] = defaultdict(list)
    for visit in visits:
        sets[visit.schema, visit.day].append(visit)
    if not sets:
        return
    store = trail.store()
    for (schema, day), some in sets.items():
        key = store.key(schema, day)
        store.add(schema, day, {member for visit in some for member in _members(key, visit)})


def _members(key: bytes, visit: Visit) -> list[str]:
    who = trail.pseudonym(key, str(visit.account))
    found = [f"v|{visit.uai}|{visit.profile}|{visit.service}|{visit.slot}|{visit.device}|{who}"]
    if visit.opened:
        session = trail.pseudonym(key, f"{visit.account} {visit.opened}")
        found.append(f"c|{visit.uai}|{visit.profile}|{session}")
    return found


def _start() -> None:
    global _process
    with _lock:
        if _process == os.getpid():
            return
        _process = os.getpid()
    threading.Thread(target=_run, name="usage", daemon=True).start()
    atexit.register(flush)


def _run() -> None:
    while True:
        _wake.wait(settings.ENT_USAGE_WAIT)
        flush()
