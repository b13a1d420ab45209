"""What a web process's database sessions keep of the communes they visited, when every table was touched."""

import statistics
import threading
from pathlib import Path

import psycopg2

from tests.bench import communes
from tests.bench.server import Server, load, serving
from tests.bench.table import Line, at_most, share_kept
from tests.bench.world import World

THREADS = 4


def run(world: World) -> list[Line]:
    count = world.size(400, 120)
    communes.lay(count)
    with serving("tests.bench.site_settings", threads=THREADS) as worn:
        load(worn, 2, 20)
        sizes = [_visit_all(world, worn, count) for _turn in range(world.size(3, 2))]
        with serving("tests.bench.site_settings", threads=THREADS) as fresh:
            load(fresh, 2, 20)
            after, reference = _rates(world, worn, fresh)
    return [
        at_most(f"sessions of a web process after {count} communes", max(sizes), "MB", 250),
        at_most("same, growth from the first round to the last", max(sizes) / sizes[0], "×", 1.25),
        share_kept("same, throughput afterwards", after, reference, "req/s", 0.9),
    ]


def _rates(world: World, *servers: Server) -> list[float]:
    """Medians, one process after the other in turn: the machine is shared."""
    found: dict[Server, list[float]] = {server: [] for server in servers}
    for turn in range(world.size(7, 3)):
        for server in servers if turn % 2 else reversed(servers):
            found[server].append(load(server, 3, 20)["per_second"])
    return [statistics.median(rates) for rates in found.values()]


def _visit_all(world: World, server: Server, count: int) -> float:
    """Each commune's every table, once round at least: the most private memory of the sessions meanwhile, in MB."""
    loading = threading.Thread(target=load, args=(server, world.size(12, 6), count, "/tables/"))
    loading.start()
    most = 0.0
    while loading.is_alive():
        most = max(most, sum(map(_private, _sessions(world))) / 1e6)
        loading.join(0.5)
    return most


def _sessions(world: World) -> list[int]:
    session = psycopg2.connect(world.cluster["superuser_url"])
    with session.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE usename = 'ent_app' AND application_name <> 'ent-listener'"
        )
        found = [pid for (pid,) in cursor.fetchall()]
    session.close()
    return found


def _private(pid: int) -> int:
    """Bytes that only this process holds (Linux)."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):  # renewed meanwhile
        return 0
    rows = (line.split() for line in text.splitlines()[1:])
    return 1024 * sum(int(row[1]) for row in rows if row[0] in ("Private_Dirty:", "Private_Clean:"))
