"""When a message is handed over: not in the hours or the absence that a person chose. Later, never less.

Its mail and its push have hours of their own, as every notice (`shared_apps.notifications.quiet`).
"""

from collections import defaultdict
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from django.utils import timezone

from shared_apps.notifications.quiet import MORNING, after
from tenant_apps.messages.models import Preference


def arrivals(accounts: Any, now: datetime) -> dict[datetime, list[Any]]:
    """Those of these accounts who get it later than now, by the moment."""
    found: dict[datetime, list[Any]] = defaultdict(list)
    rows = Preference.objects.filter(Q(quiet_from__isnull=False) | Q(absent_until__isnull=False), account__in=accounts)
    for row in rows:
        if (moment := arrival(row, now)) > now:
            found[moment].append(row.account_id)
    return found


def arrival(row: Preference, now: datetime) -> datetime:
    if is_absent(row, timezone.localdate(now)):
        now = _at(row.absent_until, MORNING)
    if row.quiet_from and row.quiet_until:
        return after(now, (row.quiet_from, row.quiet_until))
    return now


def is_absent(row: Preference, day: date) -> bool:
    return bool(row.absent_from and row.absent_from <= day < row.absent_until)


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))
