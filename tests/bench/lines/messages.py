"""The message list."""

import time

from django.test import Client

from tests.bench import communes
from tests.bench.cost import cost
from tests.bench.table import Line, at_least, at_most
from tests.bench.world import World

IN_THE_BOX = 200
PHP_PER_CORE, TIMES = 62, 5  # message list of a comparable platform (issue 6), and what we aim at


def run(world: World) -> list[Line]:
    """CPU of this process and of its database session, for one page with its session and rights."""
    from core.tenancy import in_schema
    from tests.support.sign_in import sign_in
    from tests.tenant_apps.liaison.factories import classroom
    from tests.tenant_apps.messages import factories

    count, (schema,) = world.size(300, 60), communes.lay(1)
    with in_schema(schema):
        room = classroom()
        reader = room.guardians["Sophie"]
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
