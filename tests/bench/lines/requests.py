"""The five acts that everybody does, in a town of 2,000 pupils among 400 communes: CPU of web and database, queries,
first view. Beside them, how fast the machine is: the targets are those of a comparable platform on another one.
"""

import statistics
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.bench import communes
from tests.bench.cost import BATCH, Cost, Visitor, cost, cpu_of, queries
from tests.bench.server import Server, serving
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
FORM = "application/x-www-form-urlencoded"
TOKEN = "b" * 32  # against forged forms: in the cookie and beside it
LOOPS, ASKED = 2_000_000, 2_000


def run(world: World) -> list[Line]:
    from core.tenancy import in_schema

    schema = communes.lay(world.size(400, 12))[0]
    with tempfile.TemporaryDirectory(dir=world.folder) as folder:
        people = settle(world, schema, Path(folder))
    turns = range(world.size(300, 60))
    with in_schema(schema):
        call, *calls = _calls(people)
    with serving("tests.bench.settings", target="config.web:application") as server:
        site = Site(world, server, communes.host_of(0), schema)
        return [
            *_calibration(),
            *site.page("parent’s home, two children", people.guardian, "/", turns, HOME),
            *site.page("class page", people.teacher, call, turns, CALL),
            *site.saving(people, calls),
            *site.page("message list", people.guardian, "/messages/", turns, LIST),
            *site.sign_in(people, turns),
        ]


class Site:
    """A commune's, served by a process of its own for the CPU, and by this one for the number of queries."""

    def __init__(self, world: World, server: Server, host: str, schema: str) -> None:
        self.world, self.server, self.host, self.schema = world, server, host, schema

    def page(
        self, name: str, user: Any, path: str, turns: Iterable[int], comparable: tuple[float, float]
    ) -> list[Line]:
        client = self._client(user)
        visitor = self._visitor(client)
        target = max(ALONE * comparable[0], POOLED * comparable[1])
        asked = queries(lambda: client.get(path).status_code)
        return _lines(name, asked, cost(self.world, self.server, lambda: visitor.get(path), turns), target)

    def saving(self, people: People, paths: list[str]) -> list[Line]:
        """First validations, as a tablet sends them: each of another half-day."""
        sent = {"version": 0, "act": "validate", "absent": [str(pk) for pk in people.pupils[:3]]}
        left = iter(paths)
        client = self._client(people.teacher)
        visitor, headers = self._visitor(client), {"Accept": "application/json", "X-CSRFToken": TOKEN}

        asked = queries(lambda: client.post(next(left), sent, headers={"accept": "application/json"}).status_code)
        body, headers = urlencode(sent, doseq=True), headers | {"Content-Type": FORM}
        found = cost(self.world, self.server, lambda: visitor.post(next(left), body, headers), paths[:-22])
        return _lines("validating a call", asked, found, SAVING_TIMES * SAVING)

    def sign_in(self, people: People, turns: Iterable[int]) -> list[Line]:
        """Identifier, password, session, redirection: each by a browser that the account knows. The hash is apart."""
        from core.tenancy import in_schema

        with in_schema(self.schema):
            people.guardian.password = make_password(PASSWORD)
            people.guardian.save(update_fields=["password"])
        path = reverse("accounts:sign_in", urlconf="config.urls.tenant")
        sent = urlencode({"identifier": people.guardian.identifier, "password": PASSWORD})
        client = Client(headers={"host": self.host})

        def act() -> int:
            client.cookies.pop(settings.SESSION_COOKIE_NAME, None)
            return client.post(path, sent, content_type=FORM).status_code

        asked = queries(act, expected=302)
        client.cookies.pop(settings.SESSION_COOKIE_NAME)
        visitor, headers = self._visitor(client), {"Content-Type": FORM, "X-CSRFToken": TOKEN}
        found, a_hash = [], []
        # In turn: the machine's speed changes within seconds, and a hash is most of a sign-in.
        for turn in range(0, len(list(turns)), BATCH):
            few = range(BATCH)
            begun = time.process_time()
            for _turn in few:
                check_password(PASSWORD, people.guardian.password)
            a_hash.append((time.process_time() - begun) / BATCH)
            post = lambda: visitor.post(path, sent, headers)  # noqa: E731
            found.append(cost(self.world, self.server, post, few, expected=302, warm=20 if not turn else 0))
        beside = statistics.median(one.cpu - of_it for one, of_it in zip(found, a_hash, strict=True))
        return [
            at_most("sign-in, queries", asked, "queries", QUERIES),
            at_most("sign-in, CPU beside the hash", 1000 * beside, "ms", BESIDE_THE_HASH),
            fact("sign-in, the hash (argon2id)", 1000 * statistics.median(a_hash), "ms"),
            fact("sign-in, median on a shared machine", 1000 * statistics.median(one.median for one in found), "ms"),
            fact("sign-in, p95 on a shared machine", 1000 * max(one.p95 for one in found), "ms"),
        ]

    def _client(self, user: Any) -> Client:
        from core.tenancy import in_schema
        from tests.support.sign_in import sign_in

        client = Client(headers={"host": self.host})
        with in_schema(self.schema):
            sign_in(client, self.host, user)
        return client

    def _visitor(self, client: Client) -> Visitor:
        """The same browser, on the server."""
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        return Visitor(self.server, self.host, cookies | {settings.CSRF_COOKIE_NAME: TOKEN})


def _lines(name: str, asked: int, found: Cost, target: float) -> list[Line]:
    return [
        at_most(f"{name}, queries", asked, "queries", QUERIES),
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
