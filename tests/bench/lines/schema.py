"""The schema of a new commune: a spare renamed, the script replayed, the library's `create_schema`."""

import statistics

from tests.bench.table import Line, timed, times_faster
from tests.bench.world import World


def run(world: World) -> list[Line]:
    count = world.size(7, 3)
    _lay_stock_public(world)
    stock = statistics.median(world.stock("create", str(count)))
    spare, replay = _ours(count)
    return [
        times_faster("schema of a new commune, from a spare", spare, stock, "ms", 20),
        times_faster("schema of a new commune, by replay", replay, stock, "ms", 10),
    ]


def _lay_stock_public(world: World) -> None:
    """The library needs its public schema first."""
    world.run(
        "-c",
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('migrate_schemas', shared=True, verbosity=0)",
        settings="tests.bench.stock_settings",
    )


def _ours(count: int) -> tuple[float, float]:
    """Medians in milliseconds, each commune in one transaction with its role and rights."""
    from django.db import transaction

    from core.tenancy import in_public
    from provisioning import schemas, spares, template
    from provisioning.sessions import owner

    def take(name: str) -> None:
        with transaction.atomic():
            spares.take(name)

    def lay(name: str) -> None:
        with transaction.atomic():
            schemas.create(name)
            template.lay(name)

    with owner(), in_public():
        spares.fill(count)
        taken = [timed(lambda n=n: take(f"c_bench_spare_{n}")) for n in range(count)]
        laid = [timed(lambda n=n: lay(f"c_bench_replay_{n}")) for n in range(count)]
    return statistics.median(taken), statistics.median(laid)
