"""The gate of the emergency switches: one place through which everything that people send passes, in a commune.

`shared_apps.emergency` keeps the switches, in `public`, and says them by `install`. What is queued is asked again when
it leaves, so that one act stops what was already written. When the state can't be read, nothing leaves and reading goes
on.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from core.tenancy import PUBLIC, current_schema
from tenants.published import Unread, Watched

# Kinds of outbox entries that people receive. Access to one's account (`accounts.mail`) is none of them: it is what
# people need to come back.
SENDS = frozenset(
    {"liaison.reply", "messaging.deliver", "notifications.mail", "notifications.digest", "notifications.push"}
)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a send says of its author. Nobody in particular: the platform, or what a school tells its families."""

    parties: tuple[str, ...] = ()  # the faces of the author (`bounds.vocabulary.Party`)
    schools: tuple[str, ...] = ()  # UAI
    is_notice: bool = False  # one way, from a school

    def as_payload(self) -> dict[str, Any]:
        return {"parties": list(self.parties), "schools": list(self.schools), "is_notice": self.is_notice}

    @classmethod
    def of_payload(cls, payload: dict[str, Any]) -> "Sent":
        said = payload.get("sent")
        if said is None:
            return SCHOOL_TELLS
        return cls(tuple(said["parties"]), tuple(said["schools"]), said["is_notice"])


SCHOOL_TELLS = Sent(is_notice=True)


@dataclass(frozen=True, slots=True)
class Stop:
    """A switch, as a commune reads it."""

    schemas: frozenset[str] | None = None  # None: the whole académie
    uai: str = ""
    parties: frozenset[str] = frozenset()  # none: everybody
    stops_reading: bool = False
    allows_notices: bool = True
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    daily_from: time | None = None  # each day between these hours only, over midnight when the first is later
    daily_until: time | None = None

    def is_on(self, now: datetime) -> bool:
        if (self.starts_at and now < self.starts_at) or (self.ends_at and now >= self.ends_at):
            return False
        if self.daily_from is None or self.daily_until is None:
            return True
        hour = timezone.localtime(now).time()
        if self.daily_from <= self.daily_until:
            return self.daily_from <= hour < self.daily_until
        return hour >= self.daily_from or hour < self.daily_until

    def is_about(self, schema: str, sent: Sent) -> bool:
        """Whose school is not known is of any."""
        if self.schemas is not None and schema not in self.schemas:
            return False
        if sent.is_notice and self.allows_notices:
            return False
        return not self.uai or not sent.schools or self.uai in sent.schools

    def names(self, party: str) -> bool:
        return not self.parties or party in self.parties


_load: Callable[[], Iterable[Stop]] = tuple
switches: Watched[tuple[Stop, ...]] = Watched(lambda: tuple(_load()))


def install(load: Callable[[], Iterable[Stop]]) -> None:
    global _load
    _load = load


def may_send(sent: Sent) -> bool:
    """Whether this leaves now, from the current commune."""
    try:
        return not _is_stopped(sent, switches.get())
    except Unread:
        return False


def may_read(sent: Sent) -> bool:
    """Whether who bears these faces may open their messages now."""
    try:
        return not _is_stopped(sent, (stop for stop in switches.get() if stop.stops_reading))
    except Unread:
        return True


def _is_stopped(sent: Sent, stops: Iterable[Stop]) -> bool:
    """Who has several faces is stopped when each of them is."""
    schema, now = current_schema(), timezone.now()
    if schema == PUBLIC:
        return False
    about = [stop for stop in stops if stop.is_about(schema, sent) and stop.is_on(now)]
    if not sent.parties:
        return any(not stop.parties for stop in about)
    return all(any(stop.names(party) for stop in about) for party in sent.parties)
