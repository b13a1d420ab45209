"""The roll-up: counted inside each commune, kept in public. Counts only; no personal data crosses."""

import logging
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from core import registry
from core.frozen import frozen
from core.ids import uuid7
from core.tenancy import in_public, in_schema, require_commune
from shared_apps.notifications import outbox
from shared_apps.notifications import tasks as outbox_tasks
from shared_apps.notifications.models import OutboxEntry
from shared_apps.statistics.models import Rollup
from tenants.models import Commune

ROLL_UP = "statistics.roll_up"
Values = Mapping[tuple[str, str], int]  # (uai, metric) -> total
log = logging.getLogger(__name__)


def request_roll_up() -> None:
    """Inside a commune, in the transaction of an act: its figures will be counted again. Many acts, one entry.

    An entry that waits is locked until our transaction ends, so that it can't be delivered before our act is seen; one
    that is being delivered (locked by the worker) may have missed us, and another is planned.
    """
    require_commune()
    with transaction.atomic(savepoint=False):
        if _waiting():
            transaction.on_commit(outbox_tasks.wake)
        else:
            outbox.put(ROLL_UP, key=f"{ROLL_UP}:{uuid7()}")


@frozen
def _waiting() -> QuerySet:
    waiting = OutboxEntry.objects.filter(kind=ROLL_UP, delivered_at=None, failed_at=None).order_by()
    return waiting.select_for_update(skip_locked=True).values("pk")[:1]


def deliver_roll_up(_payload: dict[str, Any]) -> None:
    """The outbox's handler, in the commune: count, and send the counts up."""
    insee = insee_of(require_commune())
    values = count_here()
    with in_public():
        store(insee=insee, day=timezone.localdate(), values=values)


def count_here() -> dict[tuple[str, str], int]:
    """All figures of the current commune, from the counters that its apps registered."""
    require_commune()
    found: dict[tuple[str, str], int] = {}
    for counter in registry.counters:
        found |= counter()
    return found


def store(*, insee: str, day: date, values: Values) -> None:
    """Keep a commune's figures of a day, in public. Said again, they replace those of that day."""
    rows = [(uai, metric, value) for (uai, metric), value in values.items()]
    with transaction.atomic():
        _one_writer_for(insee)
        mine = Rollup.objects.filter(insee=insee)
        last = mine.latest_values().aggregate(day=Max("day"))["day"]
        is_latest = last is None or day >= last
        if is_latest:
            mine.latest_values().update(is_latest=False)
        Rollup.objects.bulk_create(
            (
                Rollup(insee=insee, uai=uai, metric=metric, day=day, value=value, is_latest=is_latest)
                for uai, metric, value in rows
            ),
            update_conflicts=True,
            unique_fields=["insee", "uai", "metric", "day"],
            update_fields=["value", "is_latest", "updated_at"],
        )


def collect_all() -> int:
    """Every commune in turn. A commune that fails is logged and doesn't stop the others. Returns those counted.

    Where nothing is written any more, the last count holds.
    """
    day, counted = timezone.localdate(), 0
    for schema in list(Commune.objects.awake().order_by("schema_name").values_list("schema_name", flat=True)):
        try:
            with in_schema(schema):
                values = count_here()
            store(insee=insee_of(schema), day=day, values=values)
            counted += 1
        except Exception as error:  # any fault of one commune is its own
            log.warning("statistics.commune_failed", extra={"schema": schema, "error": type(error).__name__})
        connection.renew_if_long()  # type: ignore[attr-defined]  # our engine's
    return counted


def insee_of(schema: str) -> str:
    return schema.removeprefix("c_").upper()


def _one_writer_for(insee: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"rollup:{insee}"])
