"""What tenancy costs a page of one query, over 40 hosts in turn."""

import statistics
import time
from typing import Any

import psycopg2

from tests.bench import communes
from tests.bench.server import Server, load, serving
from tests.bench.table import Line, at_most, share_kept
from tests.bench.world import World

HOSTS = 40
IDLE = 11  # seconds: a session publishes its last counts ten seconds after it falls idle (PGSTAT_IDLE_INTERVAL)


def run(world: World) -> list[Line]:
    communes.lay(HOSTS)
    seconds, rounds = world.size(4, 2), world.size(7, 3)
    with serving("tests.bench.site_settings") as ours, serving("tests.bench.plain_settings") as plain:
        for server in (ours, plain):
            load(server, 2, HOSTS)
        rates: dict[Server, list[float]] = {ours: [], plain: []}
        for turn in range(rounds):
            # The machine is shared: each goes first in turn.
            for server in (ours, plain) if turn % 2 else (plain, ours):
                rates[server].append(load(server, seconds, HOSTS)["per_second"])
        messages = _messages_per_request(world, ours)
    mine, reference = (statistics.median(rates[port]) for port in (ours, plain))
    return [
        share_kept("one-query page, requests kept with tenancy", mine, reference, "req/s", 0.9),
        at_most("one-query page, database messages", messages, "per request", 1.05),
    ]


def _messages_per_request(world: World, server: Server) -> float:
    """In autocommit a message is a transaction: PostgreSQL counts them, autovacuum's own as well."""
    _as_superuser(world, "ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()")
    before = _transactions(world)
    requests = load(server, 2, HOSTS)["requests"]
    return (_transactions(world) - before) / requests


def _transactions(world: World) -> int:
    time.sleep(IDLE)
    return _as_superuser(world, "SELECT xact_commit FROM pg_stat_database WHERE datname = 'ent'")


def _as_superuser(world: World, *statements: str) -> Any:
    """The first value that the last one answers."""
    session = psycopg2.connect(world.cluster["superuser_url"])
    session.autocommit = True
    with session.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        found = cursor.fetchone()[0]
    session.close()
    return found
