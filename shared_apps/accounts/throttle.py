"""Stops who guesses, lets a school in.

A try is counted before it is made, so that a hundred sent at once are not a hundred. Per account: 5 in 30 minutes. Per
address: the number of *different* accounts tried there and not yet opened, so that 300 people behind one school
address sign in within minutes, and a list of stolen passwords does not get far. Counters live in the cache, under the
commune's own keys; when it can't be read, nobody tries anything, and the page says so.
"""

import ipaddress
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from core.errors import DomainError

WINDOW = 30 * 60  # seconds
PER_ACCOUNT = 5
ACCOUNTS_PER_ADDRESS = 40
CODES_PER_ADDRESS = 40  # activation codes that open nothing, typed from one address
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Throttle:
    """`purpose` keeps counters apart: sign-in, activation, second factor. `who`: the account as it was typed."""

    purpose: str
    who: str
    address: str = ""
    limit: int = PER_ACCOUNT

    def begin(self) -> int:
        """Count one try; returns how many are left after it. Raises DomainError: throttled, unavailable."""
        with _closed_when_lost():
            if self.address and cache.get(self._of_address, 0) >= ACCOUNTS_PER_ADDRESS:
                raise _refusal("accounts.address_throttled")
            tries = _count(self._of_account)
        if tries > self.limit:
            raise _refusal("accounts.account_throttled")
        return self.limit - tries

    def fail(self, left: int = 0) -> None:
        """The try was wrong: this account is one more that this address did not open."""
        with _closed_when_lost():
            if self.address and cache.add(self._of_pair, 1, WINDOW):
                _count(self._of_address)

    def succeed(self, left: int = 0) -> None:
        with _closed_when_lost():
            cache.delete(self._of_account)
            if self.address and cache.delete(self._of_pair):
                _uncount(self._of_address)

    def take_back(self) -> None:
        """It was not a guess: the others of this counter keep their tries."""
        with _closed_when_lost():
            _uncount(self._of_account)

    @property
    def _of_account(self) -> str:
        return f"throttle:{self.purpose}:{_short(self.who)}"

    @property
    def _of_address(self) -> str:
        return f"throttle:{self.purpose}:from:{_network(self.address)}"

    @property
    def _of_pair(self) -> str:
        return f"throttle:{self.purpose}:{_short(self.who)}:from:{_network(self.address)}"


def _refusal(event: str) -> DomainError:
    log.warning("accounts.throttled", extra={"kind": event})
    return DomainError(_("Trop d’essais. Réessayez dans une demi-heure."), code="throttled")


def _count(key: str) -> int:
    """One more, in a window that begins with the first."""
    cache.add(key, 0, WINDOW)
    try:
        return cache.incr(key)
    except ValueError:  # it ended between the two
        cache.add(key, 1, WINDOW)
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


@contextmanager
def _closed_when_lost() -> Iterator[None]:
    """The counters are out of reach: refuse in words rather than let anybody guess."""
    try:
        yield
    except (RedisError, OSError) as error:
        log.error("accounts.throttle_unavailable", extra={"error": type(error).__name__})
        message = _("La connexion est fermée pour le moment : nous réparons. Réessayez dans quelques minutes.")
        raise DomainError(message, code="unavailable") from error
