"""« L’assistance académique consulte l’école Lakanal »: told to everybody in scope, on every page, while it lasts."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from tenant_apps.support.models import SupportAccess

KEY = "support-running"
KEPT = 60  # seconds; forgotten at each change
NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Banner:
    school: str  # empty: the town's services
    until: datetime
    may_end: bool = False


def forget() -> None:
    _delete()
    transaction.on_commit(_delete)


def _delete() -> None:
    with suppress(Exception):
        cache.delete(KEY)


def banners_for(user: Any) -> list[Banner]:
    """No query while nobody looks in, and the cache answers."""
    if not (user.is_authenticated and _last_end() > timezone.now()):
        return []
    rows = SupportAccess.objects.running().concerning(user).select_related("school").order_by("ends_at", "pk")
    decided = set(SupportAccess.objects.decided_by(user).values_list("pk", flat=True))
    return [Banner(str(row.school or ""), row.ends_at, row.pk in decided) for row in rows]


def _last_end() -> datetime:
    """Until when somebody may be looking in, at the latest; the past when nobody is."""
    with suppress(Exception):  # a lost cache costs a query, never the page nor the banner
        kept = cache.get(KEY)
        if kept is not None:
            return datetime.fromtimestamp(kept, tz=UTC)
    last = SupportAccess.objects.running().order_by("-ends_at").values_list("ends_at", flat=True).first() or NEVER
    with suppress(Exception):
        cache.set(KEY, last.timestamp(), KEPT)
    return last
