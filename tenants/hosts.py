"""From a host name to a commune, without visiting the database when the answer is known.

The answers are kept in the process and dropped by PostgreSQL's NOTIFY. While nobody listens, nothing is kept.
"""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import connection

from core.tenancy import PUBLIC, in_public
from tenants.listener import Listener

CHANNEL = "ent_hosts"
LONGEST_NAME = 253  # RFC 1035 § 2.3.4, written without the final dot


@dataclass(frozen=True, slots=True)
class Host:
    """What a request needs of its commune. Immutable: threads share it."""

    domain: str
    schema_name: str
    state: str = "open"
    is_reachable: bool = True
    name: str = ""
    insee: str = ""
    department_code: str = ""
    closes_on: date | None = None

    @property
    def is_read_only(self) -> bool:
        return self.state == "read_only"

    @property
    def is_academy(self) -> bool:
        return self.schema_name == PUBLIC


# A host, or None for a name that nobody bears, and until when (on the cache's clock) the answer holds.
Answer = tuple[Host | None, float]


class HostCache:
    """Thread-safe. Asks the database once for a name, unknown ones included, between two notices."""

    MAX_AGE = 300.0  # seconds: the belt, should a notice be missed
    MAX_UNKNOWN = 1_000  # a scanner's invented names must not fill the memory

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.listener = Listener(CHANNEL, self.clear)
        self._start_empty()

    def _start_empty(self) -> None:
        self._lock = threading.Lock()
        self._version = 0
        self._known: dict[str, Answer] = {}
        self._unknown: dict[str, Answer] = {}

    def after_fork(self) -> None:
        """The parent's lock may be held by a thread that doesn't exist here, and its listener does not."""
        self._start_empty()
        self.listener.forget()

    def get(self, domain: str) -> Host | None:
        if len(domain) > LONGEST_NAME:
            return None
        self.listener.ensure()
        answer = self._known.get(domain) or self._unknown.get(domain)
        if answer is not None and self._clock() < answer[1]:
            return answer[0]
        version = self._version
        found = _look_up(domain)
        self._keep(domain, found, version)
        return found

    def _keep(self, domain: str, found: Host | None, version: int) -> None:
        with self._lock:
            # An answer read before a notice must not outlive it.
            if version != self._version or not self.listener.is_listening:
                return
            answer = (found, self._clock() + self.MAX_AGE)
            if found is not None:
                self._known[domain] = answer
                return
            if len(self._unknown) >= self.MAX_UNKNOWN:
                del self._unknown[next(iter(self._unknown))]
            self._unknown[domain] = answer

    @property
    def version(self) -> int:
        """Changes with each notice: what else a process remembers of the public schema leans on it."""
        return self._version

    def clear(self) -> None:
        with self._lock:
            self._version += 1
            self._known = {}
            self._unknown = {}


def _look_up(domain: str) -> Host | None:
    from tenants.models import Domain

    if domain == settings.ENT_ACADEMY_HOST:
        return Host(domain=domain, schema_name=PUBLIC)
    with in_public():
        row = Domain.objects.select_related("tenant").filter(domain=domain).first()
    if row is None:
        return None
    commune = row.tenant
    return Host(
        domain=domain,
        schema_name=commune.schema_name,
        state=commune.state,
        is_reachable=commune.is_reachable,
        name=commune.name,
        insee=commune.insee,
        department_code=commune.department_code,
        closes_on=commune.closes_on,
    )


def announce_change() -> None:
    """Tell every process, when the current transaction commits, that an address, a commune's state or an emergency
    switch changed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


hosts = HostCache()
os.register_at_fork(after_in_child=hosts.after_fork)
