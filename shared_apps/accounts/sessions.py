"""What ties a session to one account of one commune."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from core import registry
from core.frozen import Asked, beside, frozen, together
from core.registry import AccountFacts
from core.tenancy import current_schema
from shared_apps.accounts import charter, devices, factors
from shared_apps.accounts.facts import ask_facts
from shared_apps.accounts.models import User

SCHEMA_KEY = "schema"
SECOND_FACTOR_KEY = "second_factor"
# What is asked of this session before it opens anything (`factors`), and whether the charter waits.
ASKED_KEY = "second_factor_asked"
CHARTER_KEY = "charter_due"
OPENED_KEY = "opened_at"
VERIFIED_KEY = "verified_at"  # when the second factor was last given
FRESH = timedelta(minutes=10)  # what a heavy act asks
THEN_KEY = "after_factor"  # the page that asked for it anew


def session_hash(user: Any) -> str:
    """Changes with the password, the stamp (« sign out everywhere ») and the commune."""
    value = f"{current_schema()}:{user.pk}:{user.session_stamp}:{user.password}"
    # As Django's `salted_hmac`, in one call: each page of a signed-in person asks for it.
    return hmac.digest(b"ent.session" + settings.SECRET_KEY.encode(), value.encode(), "sha256").hex()


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of who comes in: nothing, when there is no such account."""

    account: User | None
    facts: AccountFacts
    has_factor: bool
    device: str  # the digest of this browser when the account has signed in from it; else empty


def ask_arrival(request: HttpRequest, identifier: str) -> Asked:
    digest = devices.digest_of(request)

    def read(found: list[Any]) -> Arrival:
        named, facts = found
        if not named:
            return Arrival(None, facts, False, "")
        return Arrival(named[0], facts, named[0].has_factor, digest if named[0].is_known_here else "")

    return beside(_named.asked(identifier, digest), ask_facts(identifier)).then(read)


@frozen
def _named(identifier: str, digest: str) -> QuerySet:
    """What a sign-in looks at: the account, whether it has a second factor, and whether it came from this browser."""
    factor, device = factors.of(OuterRef("pk")), devices.of(OuterRef("pk"), digest)
    rows = User.objects.filter(identifier=identifier).order_by()
    rows = rows.only("password", "is_active", "session_stamp", "charter_version", "second_factor_due_at")
    return rows.annotate(has_factor=Exists(factor), is_known_here=Exists(device))


@transaction.atomic(savepoint=False)
def enter(request: HttpRequest, user: Any, arrival: Arrival | None = None, *, second_factor: bool = False) -> None:
    """Open a session of this schema, with a new key. `arrival`: what was asked of this account in this request.
    `second_factor` is the demo's front door, and nobody else's.
    """
    if arrival is None:
        (arrival,) = together(ask_arrival(request, user.identifier))
    facts = arrival.facts
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    devices.come_back(request, user, arrival.device)
    _limit(request, facts)
    request.session.pop(SECOND_FACTOR_KEY, None)
    said = {
        SCHEMA_KEY: current_schema(),
        OPENED_KEY: timezone.now().isoformat(),
        ASKED_KEY: factors.asked_of(user, facts, has_some=arrival.has_factor),
        CHARTER_KEY: charter.is_due(user, facts),
    }
    request.session.update(said)
    if second_factor and settings.ENT_DEMO:
        request.session[SECOND_FACTOR_KEY] = True
        request.session[VERIFIED_KEY] = timezone.now().isoformat()
    if not arrival.device:
        devices.add(request, user, is_told=not facts.is_pupil)


def mark_verified(request: HttpRequest) -> None:
    """The second factor was given: what was a password's session becomes another one."""
    request.session.cycle_key()
    request.session[SECOND_FACTOR_KEY] = True
    request.session[VERIFIED_KEY] = timezone.now().isoformat()
    devices.follow(request)


def is_verified_within(request: HttpRequest, delay: timedelta) -> bool:
    """The second factor was given lately, and not just this morning."""
    text = request.session.get(VERIFIED_KEY)
    return text is not None and timezone.now() - datetime.fromisoformat(text) < delay


def is_fresh(request: HttpRequest, delay: timedelta = FRESH) -> bool:
    """Whoever sits at a screen left open gets no further. The demo's people have no telephone."""
    if settings.ENT_DEMO and request.session.get(SECOND_FACTOR_KEY) and not factors.of(request.user).exists():
        return True
    return is_verified_within(request, delay)


def ask_factor_again(request: HttpRequest, *, then: str) -> None:
    """The session opens nothing until the second factor is given anew; it then goes on to `then`, a path of ours."""
    request.session.pop(SECOND_FACTOR_KEY, None)
    request.session.pop(VERIFIED_KEY, None)
    request.session[ASKED_KEY] = factors.ASK
    request.session[THEN_KEY] = then


def after_factor(request: HttpRequest) -> str:
    """Where to go on, once: a path, or the name of the home page."""
    return request.session.pop(THEN_KEY, "home")


def mark_accepted(request: HttpRequest) -> None:
    """The charter was accepted."""
    request.session[CHARTER_KEY] = False


def opened_at(request: HttpRequest) -> datetime | None:
    text = request.session.get(OPENED_KEY)
    return datetime.fromisoformat(text) if text else None


def _limit(request: HttpRequest, facts: AccountFacts) -> None:
    """The apps of a commune may end a session earlier than the rule: a pupil's, with the half-day."""
    ends = [end for limit in registry.session_limits if (end := limit(facts)) is not None]
    if ends:
        request.session.set_expiry(min(ends))
