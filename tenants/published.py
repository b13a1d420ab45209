"""What a commune reads of the académie's own tables: by this door only, and never a query for each request."""

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import Error, transaction

from core.tenancy import in_public
from tenants.hosts import hosts

T = TypeVar("T")
log = logging.getLogger(__name__)
_all: list["Published | Watched"] = []


class Published(Generic[T]):
    """An immutable value made from public rows that hold no personal data, kept a minute in the process.

    When it can't be read, the last one known stands, or what the code ships: a commune goes on working.
    """

    MAX_AGE = 60.0  # seconds
    RETRY = 5.0  # seconds, after a failure

    def __init__(
        self, name: str, load: Callable[[], T], shipped: T, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._name, self._load, self._shipped, self._clock = name, load, shipped, clock
        self.clear()
        _all.append(self)
        os.register_at_fork(after_in_child=self.clear)

    def get(self) -> T:
        value, until = self._kept
        if self._clock() < until:
            return value
        with self._lock:
            value, until = self._kept
            if self._clock() >= until:
                self._kept = self._read(value)
            return self._kept[0]

    def clear(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[T, float] = (self._shipped, float("-inf"))

    def _read(self, last: T) -> tuple[T, float]:
        try:
            # In a transaction of its own, or a savepoint: a failure must not spoil the caller's.
            with in_public(), transaction.atomic():
                return self._load(), self._clock() + self.MAX_AGE
        except Error as error:
            log.warning("published.unread", extra={"what": self._name, "error": type(error).__name__})
            return last, self._clock() + self.RETRY


class Unread(Exception):
    """The public state can't be read: whoever must not guess says no."""


class Watched(Generic[T]):
    """An immutable value that every process drops at the notice of `hosts.announce_change()`, and that nobody guesses.

    Read anew every few seconds all the same: a notice may be missed, and an old value is worth nothing here.
    """

    MAX_AGE = 5.0  # seconds

    def __init__(self, load: Callable[[], T], clock: Callable[[], float] = time.monotonic) -> None:
        self._load, self._clock = load, clock
        self.clear()
        _all.append(self)
        os.register_at_fork(after_in_child=self.clear)

    def get(self) -> T:
        """Raises Unread."""
        kept = self._kept
        if kept is not None and kept[1] == hosts.version and self._clock() < kept[2]:
            return kept[0]
        hosts.listener.ensure()
        version, until = hosts.version, self._clock() + self.MAX_AGE
        try:
            with in_public(), transaction.atomic():
                value = self._load()
        except Error as error:
            raise Unread from error
        self._kept = (value, version, until)
        return value

    def clear(self) -> None:
        self._kept: tuple[T, int, float] | None = None


def forget_all() -> None:
    """Every value is read anew."""
    for value in _all:
        value.clear()
