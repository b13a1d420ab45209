"""The five acts that everybody does, in a town of 2,000 pupils among 400 communes: CPU of web and database, queries,
first view. Beside them, how fast the machine is: the targets are those of a comparable platform on another one.
"""

import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.bench import communes, hashing
from tests.bench.cost import WARM, Act, Visitor, cpu_of, measure, queries
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
# Requests of a round: of a page, of what can be done once, of what costs a hash.
READ, SAVED, ENTERED = 30, 4, 8


def run(world: World) -> list[Line]:
    """Round after round, all acts in each: the speed of a shared machine changes within seconds. What is compared with
    a target is the median of the rounds; the quietest is told beside.
    """
    from core.tenancy import in_schema

    schema = communes.lay(world.size(400, 12))[0]
    with tempfile.TemporaryDirectory(dir=world.folder) as folder:
        people = settle(world, schema, Path(folder))
    with in_schema(schema):
        call, *calls = _calls(people)
    hashing.start(world.folder / "hashes")
    rounds = world.size((len(calls) - 2) // (SAVED + WARM), 4)
    with serving("tests.bench.settings", target="config.web:application") as server:
        site = Site(server, communes.host_of(0), schema)
        sign_in = site.sign_in(people)  # first: a new password ends the account's sessions
        pages = {
            "parent’s home, two children": site.page(people.guardian, "/", HOME),
            "class page": site.page(people.teacher, call, CALL),
            "validating a call": site.saving(people, calls),
            "message list": site.page(people.guardian, "/messages/", LIST),
        }
        speeds, alone = [], []
        for _round in range(rounds):
            speeds.append(_calibration())
            for page in (*pages.values(), sign_in):
                measure(world, server, page.act)
            alone.append(_a_hash(people))
    return [
        *_speed(speeds),
        *(line for name, page in pages.items() for line in _lines(name, page)),
        *_signing_in(sign_in, min(alone)),
    ]


@dataclass(frozen=True, slots=True)
class Page:
    act: Act
    queries: int
    target: float  # requests a second and core


class Site:
    """A commune's, served by a process of its own for the CPU, and by this one for the number of queries."""

    def __init__(self, server: Server, host: str, schema: str) -> None:
        self.server, self.host, self.schema = server, host, schema

    def page(self, user: Any, path: str, comparable: tuple[float, float]) -> Page:
        client = self._client(user)
        visitor = self._visitor(client)
        asked = queries(lambda: client.get(path).status_code)
        alone, pooled = comparable
        return Page(Act(lambda: visitor.get(path), READ), asked, max(ALONE * alone, POOLED * pooled))

    def saving(self, people: People, paths: list[str]) -> Page:
        """First validations, as a tablet sends them: each of another half-day."""
        sent = {"version": 0, "act": "validate", "absent": [str(pk) for pk in people.pupils[:3]]}
        left = iter(paths)
        client = self._client(people.teacher)
        visitor, headers = self._visitor(client), {"Accept": "application/json", "X-CSRFToken": TOKEN}
        asked = queries(lambda: client.post(next(left), sent, headers={"accept": "application/json"}).status_code)
        body, headers = urlencode(sent, doseq=True), headers | {"Content-Type": FORM}
        return Page(Act(lambda: visitor.post(next(left), body, headers), SAVED), asked, SAVING_TIMES * SAVING)

    def sign_in(self, people: People) -> Page:
        """Identifier, password, session, redirection: each by a browser that the account knows."""
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
        enter = Act(lambda: visitor.post(path, sent, headers), ENTERED, expected=302, apart=hashing.spent)
        return Page(enter, asked, 0)

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


def _lines(name: str, page: Page) -> list[Line]:
    act = page.act
    return [
        at_most(f"{name}, queries", page.queries, "queries", QUERIES),
        at_least(f"{name}, CPU of web and database", 1 / act.usual, "req/s per core", page.target),
        fact(f"{name}, the same, quietest of {len(act.costs)} rounds", 1 / act.quietest.cpu, "req/s per core"),
        fact(f"{name}, of them CPU of the database", 1000 * act.quietest.database, "ms"),
        fact(f"{name}, p50 on a shared machine", 1000 * act.time_of(0.5), "ms"),
        fact(f"{name}, p95 on a shared machine", 1000 * act.time_of(0.95), "ms"),
    ]


def _signing_in(page: Page, alone: float) -> list[Line]:
    act = page.act
    hashes, beside = zip(*((one.apart, one.cpu - one.apart) for one in act.costs), strict=True)
    return [
        at_most("sign-in, queries", page.queries, "queries", QUERIES),
        at_most("sign-in, CPU beside the hash", 1000 * statistics.median(beside), "ms", BESIDE_THE_HASH),
        fact(f"sign-in, the same, quietest of {len(beside)} rounds", 1000 * min(beside), "ms"),
        fact("sign-in, CPU with the hash", 1000 * act.usual, "ms"),
        fact("sign-in, the hash (argon2id) in the server", 1000 * statistics.median(hashes), "ms"),
        fact("sign-in, a hash alone in a loop, quietest", 1000 * alone, "ms"),
        fact("sign-in, p50 on a shared machine", 1000 * act.time_of(0.5), "ms"),
        fact("sign-in, p95 on a shared machine", 1000 * act.time_of(0.95), "ms"),
    ]


def _a_hash(people: People) -> float:
    begun = time.process_time()
    for _turn in range(ENTERED):
        check_password(PASSWORD, people.guardian.password)
    return (time.process_time() - begun) / ENTERED


def _calls(people: People) -> list[str]:
    """Half-days of the last weeks that nobody called yet; the first is read, the others are saved."""
    from tenant_apps.attendance.half_days import open_half_days
    from tenant_apps.attendance.models import RollCall

    today = timezone.localdate()
    made = set(RollCall.objects.filter(school_class=people.school_class).values_list("day", "half"))
    found = open_half_days(people.school_class.school, people.since, today)
    left = [one for one in found if (one.day, one.half) not in made]
    return [reverse("attendance:call", args=[people.school_class.pk, *one.words]) for one in left]


def _calibration() -> tuple[float, float]:
    """A loop and a query that never change: what to divide by before comparing two machines."""
    begun = time.process_time()
    sum(n * n for n in range(LOOPS))
    loop = time.process_time() - begun
    with connection.cursor() as cursor:
        backend = connection.connection.get_backend_pid()
        begun, base = time.process_time(), cpu_of(backend)
        for _turn in range(ASKED):
            cursor.execute("SELECT 1")
        return loop, (time.process_time() - begun + cpu_of(backend) - base) / ASKED


def _speed(speeds: list[tuple[float, float]]) -> list[Line]:
    loops, asked = zip(*speeds, strict=True)
    return [
        fact("calibration, a loop of two million, quietest", 1000 * min(loops), "ms of CPU"),
        fact("calibration, a loop of two million, median", 1000 * statistics.median(loops), "ms of CPU"),
        fact("calibration, the smallest query, quietest", 1_000_000 * min(asked), "µs of CPU"),
        fact("calibration, the smallest query, median", 1_000_000 * statistics.median(asked), "µs of CPU"),
    ]
