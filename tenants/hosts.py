"""From a host name to a commune, without visiting the database when the answer is known.

The answers are kept in the process and dropped by PostgreSQL's NOTIFY: a thread of its own listens. While it can't
listen, nothing is kept.
"""

import logging
import select
import threading
import time
from dataclasses import dataclass
from typing import Any

import psycopg2
import psycopg2.extensions
from core.tenancy import PUBLIC, in_public
from django.conf import settings
from django.db import connection

CHANNEL = "ent_hosts"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Host:
    """What a request needs of its commune. Immutable: threads share it."""

    domain: str
    schema_name: str
    state: str = "open"
    name: str = ""
    insee: str = ""
    department_code: str = ""

    @property
    def is_academy(self) -> bool:
        return self.schema_name == PUBLIC


class HostCache:
    """Thread-safe. `get` asks the database at most once for a host between two notices, unknown hosts included."""

    MAX_UNKNOWN = 1_000  # a scanner's invented names must not fill the memory

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, Host] = {}
        self._unknown: set[str] = set()
        self._version = 0
        self._listener: threading.Thread | None = None
        self._listening = threading.Event()

    def get(self, domain: str) -> Host | None:
        self._ensure_listener()
        found = self._known.get(domain)
        if found is not None or domain in self._unknown:
            return found
        version = self._version
        found = _look_up(domain)
        self._keep(domain, found, version)
        return found

    def _keep(self, domain: str, found: Host | None, version: int) -> None:
        with self._lock:
            # An answer read before a notice must not outlive it.
            if version != self._version or not self._listening.is_set():
                return
            if found is not None:
                self._known[domain] = found
            elif len(self._unknown) < self.MAX_UNKNOWN:
                self._unknown.add(domain)

    def clear(self) -> None:
        with self._lock:
            self._version += 1
            self._known = {}
            self._unknown = set()

    # --- the listener

    def _ensure_listener(self) -> None:
        if self._listener is not None and self._listener.is_alive():
            return
        with self._lock:
            if self._listener is None or not self._listener.is_alive():
                self._listener = threading.Thread(target=self._listen, name="hosts", daemon=True)
                self._listener.start()

    def _listen(self) -> None:
        while True:
            try:
                self._listen_once()
            except psycopg2.Error:
                log.warning("hosts.listener_lost")
            self._listening.clear()
            self.clear()
            time.sleep(1)

    def _listen_once(self) -> None:
        params = connection.get_connection_params() | {"application_name": "ent-hosts"}
        session = psycopg2.connect(**params)
        try:
            session.set_isolation_level(psycopg2.extensions.ISOLATION_LEVEL_AUTOCOMMIT)
            session.cursor().execute(f"LISTEN {CHANNEL}")
            self.clear()
            self._listening.set()
            while True:
                self._wait(session)
        finally:
            session.close()

    def _wait(self, session: Any) -> None:
        select.select([session], [], [], 60)
        session.poll()
        if session.notifies:
            session.notifies.clear()
            self.clear()


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
        domain, commune.schema_name, commune.state, commune.name, commune.insee, commune.department_code
    )


def announce_change() -> None:
    """Tell every process, when the current transaction commits, that an address or a commune's state changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


hosts = HostCache()
