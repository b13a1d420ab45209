"""A trainer's private calendar: an address shown once, kept as a digest, revoked at will."""

import secrets
from hashlib import sha256
from typing import Any

from django.db import transaction

from shared_apps.audit.services import record
from shared_apps.training.models import CalendarFeed
from shared_apps.training.services.shared import require


def feed_of(token: str) -> CalendarFeed | None:
    """Of somebody who still trains."""
    feed = CalendarFeed.objects.select_related("user").filter(digest=_digest(token)).first()
    return feed if feed and feed.user.has_perm("training.own_calendar") else None


@transaction.atomic
def make_feed(*, actor: Any) -> str:
    """A new address; the one before stops working."""
    require(actor, "training.own_calendar")
    token = secrets.token_urlsafe(32)
    feed, _created = CalendarFeed.objects.update_or_create(user=actor, defaults={"digest": _digest(token)})
    record(actor=actor, action="training.feed_made", obj=feed)
    return token


@transaction.atomic
def revoke_feed(*, actor: Any) -> None:
    require(actor, "training.own_calendar")
    gone, _by_model = CalendarFeed.objects.filter(user=actor).delete()
    if gone:
        record(actor=actor, action="training.feed_revoked")


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
