"""The five acts that everybody does, in a town of 2,000 pupils among 400 communes: CPU of web and database, queries,
first view. Beside them, how fast the machine is: the targets are those of a comparable platform on another one.
"""

import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.hashers import check_password, make_password
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.bench import communes
from tests.bench.cost import Cost, cost, cpu_of
from tests.bench.table import Line, at_least, at_most, fact
from tests.bench.town_life import People, settle
from tests.bench.world import World

# A comparable PHP platform (issue 6), requests a second and core: alone, and behind a pooler.
HOME, CALL, LIST = (40, 70), (53, 93), (62, 145)
SAVING = 9.4
ALONE, POOLED, SAVING_TIMES = 5, 2.5, 20
BESIDE_THE_HASH = 3  # ms
QUERIES = 8
PASSWORD = "Une-phrase-de-passe-longue"
LOOPS, ASKED = 2_000_000, 2_000


def run(world: World) -> list[Line]:
    from core.tenancy import in_schema

    schema = communes.lay(world.size(400, 12))[0]
    with tempfile.TemporaryDirectory(dir=world.folder) as folder:
        people = settle(world, schema, Path(folder))
    turns = range(world.size(300, 60))
    host = communes.host_of(0)
    teacher, guardian = (_browser(host, schema, one) for one in (people.teacher, people.guardian))
    with in_schema(schema):
        call, *calls = _calls(people)
    return [
        *_calibration(),
        *_page("parent’s home, two children", guardian, "/", turns, HOME),
        *_page("class page", teacher, call, turns, CALL),
        *_saving(teacher, calls, people),
        *_page("message list", guardian, "/messages/", turns, LIST),
        *_sign_in(host, schema, people, turns),
    ]


def _browser(host: str, schema: str, user: Any) -> Client:
    from core.tenancy import in_schema
    from tests.support.sign_in import sign_in

    client = Client(headers={"host": host})
    with in_schema(schema):
        sign_in(client, host, user)
    return client


def _page(name: str, client: Client, path: str, turns: Iterable[int], comparable: tuple[float, float]) -> list[Line]:
    target = max(ALONE * comparable[0], POOLED * comparable[1])
    return _lines(name, cost(lambda: client.get(path).status_code, turns), target)


def _lines(name: str, found: Cost, target: float) -> list[Line]:
    return [
        at_most(f"{name}, queries", found.queries, "queries", QUERIES),
        at_least(f"{name}, CPU of web and database", 1 / found.cpu, "req/s per core", target),
        fact(f"{name}, of them CPU of the database", 1000 * found.database, "ms"),
        fact(f"{name}, median on a shared machine", 1000 * found.median, "ms"),
        fact(f"{name}, p95 on a shared machine", 1000 * found.p95, "ms"),
    ]


def _calls(people: People) -> list[str]:
    """Half-days of the last weeks that nobody called yet; the first is read, the others are saved."""
    from tenant_apps.attendance.half_days import open_half_days
    from tenant_apps.attendance.models import RollCall

    today = timezone.localdate()
    made = set(RollCall.objects.filter(school_class=people.school_class).values_list("day", "half"))
    found = open_half_days(people.school_class.school, people.since, today)
    left = [one for one in found if (one.day, one.half) not in made]
    return [reverse("attendance:call", args=[people.school_class.pk, *one.words]) for one in left]


def _saving(client: Client, paths: list[str], people: People) -> list[Line]:
    """First validations, as a tablet sends them: each of another half-day."""
    absent = [str(pk) for pk in people.pupils[:3]]
    sent = {"version": 0, "act": "validate", "absent": absent}
    left = iter(paths)

    def save() -> int:
        return client.post(next(left), sent, headers={"accept": "application/json"}).status_code

    return _lines("validating a call", cost(save, paths[:-6]), SAVING_TIMES * SAVING)


def _sign_in(host: str, schema: str, people: People, turns: Iterable[int]) -> list[Line]:
    """Identifier, password, session, redirection: each by a browser that the account knows. The hash is apart."""
    from core.tenancy import in_schema

    with in_schema(schema):
        people.guardian.password = make_password(PASSWORD)
        people.guardian.save(update_fields=["password"])
    path = reverse("accounts:sign_in", urlconf="config.urls.tenant")
    client = Client(headers={"host": host})
    sent = urlencode({"identifier": people.guardian.identifier, "password": PASSWORD})
    form = "application/x-www-form-urlencoded"  # as a browser sends it

    def act() -> int:
        client.cookies.pop("__Host-session", None)
        return client.post(path, sent, content_type=form).status_code

    found = cost(act, turns, expected=302)
    begun = time.process_time()
    for _turn in turns:
        check_password(PASSWORD, people.guardian.password)
    a_hash = (time.process_time() - begun) / len(list(turns))
    return [
        at_most("sign-in, queries", found.queries, "queries", QUERIES),
        at_most("sign-in, CPU beside the hash", 1000 * (found.cpu - a_hash), "ms", BESIDE_THE_HASH),
        fact("sign-in, the hash (argon2id)", 1000 * a_hash, "ms"),
        fact("sign-in, median on a shared machine", 1000 * found.median, "ms"),
        fact("sign-in, p95 on a shared machine", 1000 * found.p95, "ms"),
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
        fact("calibration, a loop of two million", loop * 1000, "ms of CPU"),
        fact("calibration, the smallest query", query * 1_000_000, "µs of CPU"),
    ]
