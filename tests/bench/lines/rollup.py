"""A count over 400 communes, from the roll-up that the academy's pages read."""

from datetime import date
from typing import Any

from tests.bench.table import Line, at_most, median_of
from tests.bench.world import World

COMMUNES = 400
LAST_DAY = 24
METRICS = ("notes_sent", "signatures", "accounts", "accounts_activated")


def run(world: World) -> list[Line]:
    from core.tenancy import in_public
    from shared_apps.statistics.models import Rollup

    with in_public():
        Rollup.objects.bulk_create(
            _row(n, school, metric, day)
            for n in range(COMMUNES)
            for school in "AB"
            for metric in METRICS
            for day in (LAST_DAY - 1, LAST_DAY)
        )
        _analyse()
        count = median_of(30, lambda: Rollup.objects.of(*METRICS).totals())
    return [at_most(f"count over {COMMUNES} communes from the roll-up", count, "ms", 5)]


def _row(n: int, school: str, metric: str, day: int) -> Any:
    from shared_apps.statistics.models import Rollup

    facts = {"insee": f"{n:05}", "uai": f"{n:07}{school}", "metric": metric, "value": n}
    return Rollup(day=date(2026, 11, day), is_latest=day == LAST_DAY, **facts)


def _analyse() -> None:
    """What autovacuum does a minute later."""
    from django.db import connection

    from provisioning.sessions import owner

    with owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE statistics_rollup")
