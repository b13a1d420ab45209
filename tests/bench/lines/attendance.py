"""The page of a class and the validation of its call: CPU of web and database, queries. Beside them, how fast the
machine is: the targets are those of a comparable platform on another one.
"""

import time
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.bench import communes
from tests.bench.cost import cost, cpu_of
from tests.bench.table import Line, at_least, at_most
from tests.bench.world import World

PUPILS = 25
PHP_PAGE, PHP_SAVING = 53, 9.4  # requests a second and core of a comparable platform (issue 6)
PAGE_TIMES, SAVING_TIMES = 5, 20
LOOPS, ASKED = 2_000_000, 2_000


def run(world: World) -> list[Line]:
    from core.tenancy import in_schema
    from tests.support.sign_in import sign_in

    (schema,) = communes.lay(1)
    with in_schema(schema):
        room = _class_of_25()
        half_days = _half_days(room)
    host = communes.host_of(0)
    client = Client(headers={"host": host})
    sign_in(client, host, room.teacher)
    paths = [reverse("attendance:call", args=[room.school_class.pk, *one.words]) for one in half_days]
    absent = [str(pupil.pk) for pupil in list(room.pupils.values())[:3]]
    page = _page(client, paths[0], world.size(200, 40))
    return [*_calibration(), *page, *_saving(client, paths, absent)]


def _class_of_25() -> Any:
    from tests.tenant_apps.liaison import factories

    room = factories.classroom(uai="0110999Z", prefix="appel")
    for n in range(PUPILS - len(room.pupils)):
        factories.add_family(room, f"E{n}", "Essai", [f"P{n}"], prefix="appel")
    return room


def _half_days(room: Any) -> list[Any]:
    """Of the last weeks, when the teacher had the class."""
    from tenant_apps.attendance.half_days import open_half_days

    today = timezone.localdate()
    return open_half_days(room.school, today - timedelta(days=50), today - timedelta(days=1))


def _page(client: Client, path: str, count: int) -> list[Line]:
    queries, cpu = cost(lambda: client.get(path).status_code, range(count))
    return [
        at_most("class page, queries", queries, "queries", 12),
        at_least("class page, CPU of web and database", 1 / cpu, "req/s per core", PAGE_TIMES * PHP_PAGE),
    ]


def _saving(client: Client, paths: list[str], absent: list[str]) -> list[Line]:
    """First validations, as a tablet sends them: each of another half-day."""
    sent = {"version": 0, "act": "validate", "absent": absent}
    left = iter(paths)
    save = lambda: client.post(next(left), sent, headers={"accept": "application/json"}).status_code  # noqa: E731
    queries, cpu = cost(save, paths[:-6])
    return [
        at_most("validating a call of 25, queries", queries, "queries", 12),
        at_least(
            "validating a call of 25, CPU of web and database", 1 / cpu, "req/s per core", SAVING_TIMES * PHP_SAVING
        ),
    ]


def _calibration() -> list[Line]:
    """A loop and a query that never change: what to divide by before comparing two machines."""
    begun = time.process_time()
    sum(n * n for n in range(LOOPS))
    loop = time.process_time() - begun
    with connection.cursor() as cursor:
        backend = connection.connection.get_backend_pid()
        begun, base = time.process_time(), cpu_of(backend)
        for _turn in range(ASKED):
            cursor.execute("SELECT 1")
        query = (time.process_time() - begun + cpu_of(backend) - base) / ASKED
    return [
        at_most("calibration, a loop of two million", loop * 1000, "ms of CPU", 10_000),
        at_most("calibration, the smallest query", query * 1_000_000, "µs of CPU", 100_000),
    ]
