"""One daemon thread per process that hears PostgreSQL's NOTIFY on a channel."""

import logging
import select
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg2
import psycopg2.extensions
from django.db import connection

log = logging.getLogger(__name__)


class Listener:
    """Starts on demand, again after a fork, again when its session is lost. Calls `on_change` at each notice.

    `on_change` is also called when the session begins and when it is lost: what was said meanwhile is not known.
    """

    RETRY = 1.0  # seconds between two attempts
    HEARTBEAT = 30.0  # a line cut without a word is found out this late

    def __init__(self, channel: str, on_change: Callable[[], None]) -> None:
        self._channel = channel
        self._on_change = on_change
        self.forget()

    def forget(self) -> None:
        """The state of a new process: threads and locks don't cross a fork."""
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._listening = threading.Event()
        self._stopping = threading.Event()
        self._wake: socket.socket | None = None

    @property
    def is_listening(self) -> bool:
        return self._listening.is_set()

    def ensure(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._start()

    def wait(self, seconds: float) -> bool:
        """Whether it listens, at the latest after so many seconds."""
        self.ensure()
        return self._listening.wait(seconds)

    def stop(self) -> None:
        """Close its session, before this process looks at another database. The next `ensure` starts anew."""
        with self._lock:
            thread, self._thread = self._thread, None
            self._stopping.set()
            if self._wake is not None:
                # A byte, for closing would be heard by nobody while a forked child holds a copy.
                with suppress(BrokenPipeError):  # the thread has seen `stopping` by itself and is gone
                    self._wake.send(b".")
                self._wake.close()
                self._wake = None
        if thread is not None:
            thread.join()

    def _start(self) -> None:
        self._stopping = threading.Event()
        self._wake, ear = socket.socketpair()
        self._thread = threading.Thread(
            target=self._run, args=(self._stopping, ear), name=f"listener-{self._channel}", daemon=True
        )
        self._thread.start()

    # --- in the thread

    def _run(self, stopping: threading.Event, ear: socket.socket) -> None:
        told = False
        with ear:
            while not stopping.is_set():
                try:
                    self._listen(stopping, ear)
                except Exception as error:
                    # Whatever happened, the only safe answer is to keep nothing and to come back. Said once.
                    if not told or self._listening.is_set():
                        is_ours = not isinstance(error, psycopg2.Error)
                        log.warning("listener.lost", extra={"channel": self._channel}, exc_info=is_ours)
                    told = True
                self._listening.clear()
                self._on_change()
                stopping.wait(self.RETRY)

    def _listen(self, stopping: threading.Event, ear: socket.socket) -> None:
        session = psycopg2.connect(**connection.get_connection_params() | {"application_name": "ent-listener"})
        try:
            session.set_isolation_level(psycopg2.extensions.ISOLATION_LEVEL_AUTOCOMMIT)
            _ask(session, f"LISTEN {self._channel}")
            self._on_change()
            self._listening.set()
            while not stopping.is_set():
                self._hear(session, ear)
        finally:
            session.close()

    def _hear(self, session: Any, ear: socket.socket) -> None:
        if not _wait_for(session.fileno(), ear.fileno(), seconds=self.HEARTBEAT):
            _ask(session, "SELECT 1")
        session.poll()
        if session.notifies:
            session.notifies.clear()
            self._on_change()


def _ask(session: Any, statement: str) -> None:
    with session.cursor() as cursor:
        cursor.execute(statement)


def _wait_for(*files: int, seconds: float) -> bool:
    """Whether one of them has something to read. Not `select`: it stops at 1,024 open files."""
    poll = select.poll()
    for file in files:
        poll.register(file, select.POLLIN)
    return bool(poll.poll(seconds * 1000))
