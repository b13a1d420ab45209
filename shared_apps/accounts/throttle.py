"""Stops who guesses, lets a school in, locks nobody out.

A try is counted before it is made, so that a hundred sent at once are not a hundred.

- Per account: five tries, then each waits longer than the one before, a quarter of an hour at most. Whoever types
  another's identifier all day long slows strangers down, never its owner: a browser from which the account has signed
  in keeps its own count.
- Per address: the number of *different* accounts tried there and not yet opened, beyond those that did open, so that
  300 people behind one school address sign in within minutes, and a list of stolen passwords does not get far. Whoever
  comes from a browser that the account knows tries no list: only its account counts.

Counters live in the cache, under the commune's own keys; when it can't be read, nobody tries anything, and the page
says so.
"""

import ipaddress
import logging
import math
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from redis.exceptions import RedisError

from core.errors import DomainError

WINDOW = 30 * 60  # seconds
LONG_WINDOW = 24 * 60 * 60  # of a count that delays: it forgets by the day
PER_ACCOUNT = 5
FIRST_DELAY = 30
LONGEST_DELAY = 15 * 60
ACCOUNTS_PER_ADDRESS = 40
CODES_PER_ADDRESS = 40  # activation codes that open nothing, typed from one address
ASKED_PER_ADDRESS = 40  # « mot de passe oublié »
log = logging.getLogger(__name__)


@dataclass
class Throttle:
    """`purpose` keeps counters apart: sign-in, activation, second factor. `who`: the account as it was typed.

    `delays`: past the limit each try waits, instead of none being made for half an hour. `device`: the digest of a
    browser that this account knows.
    """

    purpose: str
    who: str
    address: str = ""
    limit: int = PER_ACCOUNT
    delays: bool = False
    device: str = ""

    def __post_init__(self) -> None:
        self._is_first = False  # of its window: nothing waits
        at = f":on:{self.device[:32]}" if self.device else ""
        self._of_account = f"throttle:{self.purpose}:{_short(self.who)}{at}"
        self._of_wait = f"{self._of_account}:wait"

    def begin(self) -> int:
        """Count one try; returns how many are left after it. Raises DomainError: throttled, unavailable."""
        with _closed_when_lost:
            self._check_address()
            tries, window = 1, LONG_WINDOW if self.delays else WINDOW
            self._is_first = cache.add(self._of_account, 1, window)
            if not self._is_first:
                self._check_wait()
                tries = _one_more(self._of_account, window)
            if self.delays and tries >= self.limit:
                self._start_waiting(tries - self.limit)
        if tries > self.limit and not self.delays:
            raise _refusal("accounts.account_throttled", WINDOW)
        return max(0, self.limit - tries)

    def fail(self) -> None:
        """The try was wrong: this account is one more that this address did not open."""
        with _closed_when_lost:
            if self.address and cache.add(self._of_pair, 1, WINDOW):
                _count(self._of_address)

    def succeed(self) -> None:
        with _closed_when_lost:
            cache.delete_many([self._of_account] if self._is_first else [self._of_account, self._of_wait])
            if not self.address:
                return
            pair, address = self._of_pair, self._of_address
            if cache.delete(pair):
                _uncount(address)
            if cache.add(f"{pair}:in", 1, WINDOW):
                _count(f"{address}:in")

    def take_back(self) -> None:
        """It was not a guess: the others of this counter keep their tries."""
        with _closed_when_lost:
            _uncount(self._of_account)

    def _check_address(self) -> None:
        if not self.address:
            return
        let_in = cache.get(f"{self._of_address}:in", 0)
        if cache.get(self._of_address, 0) >= ACCOUNTS_PER_ADDRESS + let_in:
            raise _refusal("accounts.address_throttled", WINDOW)

    def _check_wait(self) -> None:
        until = cache.get(self._of_wait) if self.delays else None
        if until is not None:
            raise _refusal("accounts.account_delayed", until - time.time())

    def _start_waiting(self, over: int) -> None:
        """Of two tries at once past the limit, one is made."""
        delay = min(FIRST_DELAY * 2**over, LONGEST_DELAY)
        if not cache.add(self._of_wait, time.time() + delay, delay):
            _uncount(self._of_account)
            raise _refusal("accounts.account_delayed", delay)

    @cached_property
    def _of_address(self) -> str:
        return f"throttle:{self.purpose}:from:{_network(self.address)}"

    @cached_property
    def _of_pair(self) -> str:
        return f"throttle:{self.purpose}:{_short(self.who)}:from:{_network(self.address)}"


def _refusal(event: str, seconds: float) -> DomainError:
    log.warning("accounts.throttled", extra={"kind": event})
    if seconds >= WINDOW:
        return DomainError(_("Trop d’essais. Réessayez dans une demi-heure."), code="throttled")
    minutes = max(1, math.ceil(seconds / 60))
    words = ngettext(
        "Trop d’essais. Réessayez dans %(count)s minute.", "Trop d’essais. Réessayez dans %(count)s minutes.", minutes
    )
    return DomainError(words % {"count": minutes}, code="throttled")


def _count(key: str, window: int = WINDOW) -> int:
    """One more, in a window that begins with the first."""
    return 1 if cache.add(key, 1, window) else _one_more(key, window)


def _one_more(key: str, window: int) -> int:
    try:
        return cache.incr(key)
    except ValueError:  # it ended meanwhile
        cache.add(key, 1, window)
        return 1


def _uncount(key: str) -> None:
    try:
        cache.decr(key)
    except ValueError:  # its window ended
        return


def _network(address: str) -> str:
    """The /64 of an IPv6 address, which a single subscriber owns; hashed, as a log of the cache names nobody."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return _short(address)
    return _short(str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found))


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]


class _ClosedWhenLost(AbstractContextManager):
    """The counters are out of reach: refuse in words rather than let anybody guess."""

    def __exit__(self, _kind: Any, error: BaseException | None, _trace: Any) -> None:
        if isinstance(error, RedisError | OSError):
            log.error("accounts.throttle_unavailable", extra={"error": type(error).__name__})
            message = _("La connexion est fermée pour le moment : nous réparons. Réessayez dans quelques minutes.")
            raise DomainError(message, code="unavailable") from error


_closed_when_lost = _ClosedWhenLost()
