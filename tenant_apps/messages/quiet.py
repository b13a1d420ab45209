"""When a message is handed over: not in the hours or the absence that a person chose. Later, never less.

Mails wait for the morning in any case: families sleep (look.md, « Notifications »).
"""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from tenant_apps.messages.models import Preference

MORNING, EVENING = time(7, 30), time(20)


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
        return after(now, row.quiet_from, row.quiet_until)
    return now


def is_absent(row: Preference, day: date) -> bool:
    return bool(row.absent_from and row.absent_from <= day < row.absent_until)


def after(now: datetime, quiet_from: time, quiet_until: time) -> datetime:
    """Now, or the end of the quiet hours in which it falls; they may go over midnight."""
    local = timezone.localtime(now)
    hour, today = local.time(), local.date()
    if quiet_from <= quiet_until:
        return _at(today, quiet_until) if quiet_from <= hour < quiet_until else now
    if hour >= quiet_from:
        return _at(today + timedelta(days=1), quiet_until)
    return _at(today, quiet_until) if hour < quiet_until else now


def mail_from(now: datetime) -> datetime:
    return after(now, EVENING, MORNING)


def _at(day: Any, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))
