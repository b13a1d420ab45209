"""Too much at once: what is sent in each commune, counted each minute, against what is usual there at that hour.

Counts only: no author, no text. What is under a third of the floor can neither raise an alarm nor be the usual of one:
it is not kept.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from core import registry
from core.locks import one_at_a_time
from core.tenancy import each_commune, in_schema
from shared_apps.emergency import notices
from shared_apps.emergency.models import Alarm, Peak
from tenants.models import Commune

WINDOW = timedelta(minutes=2)
ACADEMY_FLOOR, COMMUNE_FLOOR = 60, 30  # messages in a window
FACTOR = 3
WEEKS, NEAR = 4, timedelta(hours=1)  # the usual: the same day and about the same hour of the weeks before
QUIET = timedelta(hours=1)  # one alarm for a place, not one a minute
log = logging.getLogger(__name__)


def look(now: datetime | None = None) -> None:
    """Everywhere, then each commune."""
    now = now or timezone.now()
    rows = {row.schema_name: row for row in Commune.objects.laid()}
    counts = {schema: _count(schema, now - WINDOW) for schema in each_commune(rows)}
    _judge(None, sum(counts.values()), now)
    for schema, count in counts.items():
        _judge(rows[schema], count, now)


def _count(schema: str, since: datetime) -> int:
    try:
        with in_schema(schema), transaction.atomic():
            return sum(count(since) for _name, count in registry.send_counters.items())
    except Exception as error:  # whatever happens in one commune, the others are counted
        log.error("emergency.uncounted", extra={"schema": schema, "error": type(error).__name__})
        return 0


@transaction.atomic
def _judge(commune: Commune | None, count: int, now: datetime) -> None:
    floor = COMMUNE_FLOOR if commune else ACADEMY_FLOOR
    if count * FACTOR < floor:
        return
    usual = _usual(commune, now)
    if count > max(floor, usual * FACTOR):
        _ring(commune, count, usual, now)  # what alarms is not learnt
    else:
        _learn(commune, count, now)


def _usual(commune: Commune | None, now: datetime) -> int:
    hours = Q(pk=None)
    for week in range(1, WEEKS + 1):
        then = now - timedelta(weeks=week)
        hours |= Q(hour__range=(then - NEAR, then + NEAR))
    return Peak.objects.filter(hours, commune=commune).aggregate(most=Max("count"))["most"] or 0


def _learn(commune: Commune | None, count: int, now: datetime) -> None:
    hour = now.replace(minute=0, second=0, microsecond=0)
    row, is_new = Peak.objects.get_or_create(commune=commune, hour=hour, defaults={"count": count})
    if not is_new:
        Peak.objects.filter(pk=row.pk).update(count=Greatest("count", count))


def _ring(commune: Commune | None, count: int, usual: int, now: datetime) -> None:
    one_at_a_time("emergency.alarm")
    if not Alarm.objects.filter(commune=commune, created_at__gt=now - QUIET).exists():
        notices.alarm(Alarm.objects.create(commune=commune, count=count, usual=usual))
