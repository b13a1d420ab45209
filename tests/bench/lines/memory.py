"""What a web process's database sessions keep of the communes they visited, when every table was touched."""

import statistics
from pathlib import Path

import psycopg2

from tests.bench import communes
from tests.bench.server import load, serving
from tests.bench.table import Line, at_most, share_kept
from tests.bench.world import World

THREADS = 4


def run(world: World) -> list[Line]:
    count = world.size(400, 120)
    communes.lay(count)
    with serving("tests.bench.site_settings", threads=THREADS) as port:
        load(port, 2, 20)
        fresh = _rate(world, port)
        sizes = [_visit_all(world, port, count) for _turn in range(world.size(3, 2))]
        after = _rate(world, port)
    half, whole = sizes[0], max(sizes)
    return [
        at_most(f"sessions of a web process after {count} communes", whole, "MB", 250),
        at_most("same, growth from the first round to the last", whole / half, "×", 1.25),
        share_kept("same, throughput afterwards", after, fresh, "req/s", 0.9),
    ]


def _rate(world: World, port: int) -> float:
    return statistics.median(load(port, 3, 20)["per_second"] for _turn in range(3))


def _visit_all(world: World, port: int, count: int) -> float:
    """Each commune's every table, once round at least; then the sessions' private memory, in MB."""
    seconds = world.size(12, 6)
    load(port, seconds, count, "/tables/")
    return sum(_private(pid) for pid in _sessions(world)) / 1e6


def _sessions(world: World) -> list[int]:
    session = psycopg2.connect(world.cluster["superuser_url"])
    with session.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE usename = 'ent_app' AND application_name <> 'ent-hosts'")
        found = [pid for (pid,) in cursor.fetchall()]
    session.close()
    return found


def _private(pid: int) -> int:
    """Bytes that only this process holds (Linux)."""
    rows = (line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    return 1024 * sum(int(row[1]) for row in rows if row[0] in ("Private_Dirty:", "Private_Clean:"))
