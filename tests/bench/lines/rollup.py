"""A count over 400 communes, from the roll-up that the academy's pages read."""

from datetime import date

from tests.bench.table import Line, at_most, median_of
from tests.bench.world import World

COMMUNES = 400
METRICS = ("notes_sent", "signatures", "accounts", "accounts_activated")


def run(world: World) -> list[Line]:
    from core.tenancy import in_public
    from shared_apps.statistics.models import Rollup

    with in_public():
        Rollup.objects.bulk_create(
            Rollup(insee=f"{n:05}", uai=f"{n:07}{'AB'[school]}", metric=metric, day=date(2026, 11, day), value=n, is_latest=day == 24)
            for n in range(COMMUNES)
            for school in range(2)
            for metric in METRICS
            for day in (23, 24)
        )  # fmt: skip
        _analyse()
        count = median_of(30, lambda: Rollup.objects.of(*METRICS).totals())
    return [at_most(f"count over {COMMUNES} communes from the roll-up", count, "ms", 5)]


def _analyse() -> None:
    """What autovacuum does a minute later."""
    from django.db import connection

    from provisioning.sessions import owner

    with owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE statistics_rollup")
