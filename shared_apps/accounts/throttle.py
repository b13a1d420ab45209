"""Stops who guesses, lets a school in.

Failures are counted per account (5 in 30 minutes) and, per address, by the number of *different* accounts tried
without success: 300 people behind one school address sign in within minutes, a list of stolen passwords does not get
far. When the counters can't be read, nobody signs in: that is said, and is not silent.
"""

from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache
from django.utils.translation import gettext as _

from core.errors import DomainError

WINDOW = 30 * 60  # seconds
PER_ACCOUNT = 5
ACCOUNTS_PER_ADDRESS = 40


@dataclass(frozen=True, slots=True)
class Throttle:
    """`purpose` keeps counters apart: sign-in, activation code, second factor."""

    purpose: str
    who: str
    address: str = ""

    def check(self) -> None:
        """Raises DomainError when there is nothing left to try for the moment."""
        if self._failures() >= PER_ACCOUNT or self._accounts_tried() >= ACCOUNTS_PER_ADDRESS:
            raise DomainError(
                _("Trop d’essais. Réessayez dans une demi-heure, ou demandez à l’école."), code="throttled"
            )

    def fail(self) -> int:
        """Count one failure; returns how many tries are left."""
        with _closed_when_lost():
            cache.add(self._account_key, 0, WINDOW)
            failures = cache.incr(self._account_key)
            if failures == 1 and self.address:
                cache.add(self._address_key, 0, WINDOW)
                cache.incr(self._address_key)
        return max(0, PER_ACCOUNT - failures)

    def succeed(self) -> None:
        with _closed_when_lost():
            cache.delete(self._account_key)

    def _failures(self) -> int:
        with _closed_when_lost():
            return cache.get(self._account_key, 0)

    def _accounts_tried(self) -> int:
        if not self.address:
            return 0
        with _closed_when_lost():
            return cache.get(self._address_key, 0)

    @property
    def _account_key(self) -> str:
        return f"throttle:{self.purpose}:{sha256(self.who.encode()).hexdigest()[:32]}"

    @property
    def _address_key(self) -> str:
        return f"throttle:{self.purpose}:from:{sha256(self.address.encode()).hexdigest()[:32]}"


class _closed_when_lost:  # noqa: N801  (reads as a statement)
    """The cache is unreachable: refuse in words rather than let anybody guess."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        if error is not None and not isinstance(error, DomainError):
            message = _("La connexion est fermée pour le moment : nous réparons. Réessayez dans quelques minutes.")
            raise DomainError(message, code="unavailable") from error
