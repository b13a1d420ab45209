"""The message list, and the emergency switch with a thousand messages queued in forty communes."""

import os
import signal
import time
from datetime import datetime
from typing import Any

from django.db import connection
from django.test import Client

from tests.bench import communes
from tests.bench.cost import cost
from tests.bench.table import Line, at_least, at_most
from tests.bench.world import World

COMMUNES, QUEUED = 40, 25
IN_THE_BOX = 200
WORKERS = 2
PATIENCE = 10.0  # seconds: what the academy is promised
PHP_PER_CORE, TIMES = 62, 5  # message list of a comparable platform (issue 6), and what we aim at
TICK = os.sysconf("SC_CLK_TCK")


def run(world: World) -> list[Line]:
    schemas = communes.lay(world.size(COMMUNES, 8))
    rooms = [_room(schema) for schema in schemas]
    return [*_list(schemas[0], rooms[0], world.size(300, 60)), *_switch(schemas, rooms)]


def _room(schema: str) -> Any:
    from core.tenancy import in_schema
    from tests.tenant_apps.liaison import factories

    with in_schema(schema):
        return factories.classroom()


def _list(schema: str, room: Any, count: int) -> list[Line]:
    """CPU of this process and of its database session, for one page with its session and rights."""
    from core.tenancy import in_schema
    from tests.support.sign_in import sign_in
    from tests.tenant_apps.messages import factories

    reader = room.guardians["Sophie"]
    with in_schema(schema):
        to = factories.person(reader)
        for number in range(IN_THE_BOX):
            factories.queued(room.teacher, to, subject=f"Message {number}")
        factories.deliver()
    host = communes.host_of(0)
    client = Client(headers={"host": host})
    sign_in(client, host, reader)
    begun = time.perf_counter()
    queries, cpu = cost(lambda: client.get("/messages/").status_code, range(count))
    seconds = time.perf_counter() - begun
    return [
        at_most("message list, queries", queries, "queries", 12),
        at_least("message list, CPU of web and database", 1 / cpu, "req/s per core", TIMES * PHP_PER_CORE),
        at_least("message list, one client on a shared machine", count / seconds, "req/s", 1),
    ]


def _switch(schemas: list[str], rooms: list[Any]) -> list[Line]:
    """Two workers deliver everywhere; the academy throws the switch among them."""
    from core.tenancy import in_public, in_schema
    from shared_apps.emergency import services

    for schema, room in zip(schemas, rooms, strict=True):
        with in_schema(schema):
            _queue(room)
    workers = [_worker(schemas[number::WORKERS]) for number in range(WORKERS)]
    try:
        while _left(schemas)[0] < len(schemas):  # some of each have left
            time.sleep(0.2)
        with in_public():
            row = services.throw(actor=None, level="academy", reason="mesure", allows_notices=False)
        thrown = time.time()
        time.sleep(PATIENCE + 2)
        sent, last = _left(schemas)
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    with in_public():
        services.lift(actor=None, switch=row, reason="mesure")
    total = len(schemas) * QUEUED
    name = f"switch, {total} messages queued in {len(schemas)} communes"
    return [
        at_most(f"{name}: the last one leaves", max(last.timestamp() - thrown, 0), "s", PATIENCE),
        at_least(f"{name}: kept, none lost", total - sent, "messages", 1),
    ]


def _queue(room: Any) -> None:
    from tests.tenant_apps.messages import factories

    to = factories.person(room.guardians["Laure"])
    for _turn in range(QUEUED):
        factories.queued(room.teacher, to, subject="Coupure")


def _worker(schemas: list[str]) -> int:
    from core.tenancy import in_schema
    from shared_apps.notifications import outbox

    connection.close()
    pid = os.fork()
    if pid == 0:
        while True:
            for schema in schemas:
                with in_schema(schema):
                    outbox.deliver_due(limit=1)
    return pid


def _left(schemas: list[str]) -> tuple[int, datetime]:
    from django.utils import timezone

    from core.tenancy import in_schema
    from tenant_apps.messages.models import Message

    total, last = 0, timezone.now().replace(year=2000)
    for schema in schemas:
        with in_schema(schema):
            rows = list(Message.objects.filter(subject="Coupure", state="sent").values_list("sent_at", flat=True))
        total, last = total + len(rows), max([last, *rows])
    return total, last
