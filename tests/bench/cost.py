"""What a request costs the machine that serves it: CPU of the web server's processes and of their database sessions."""

import http.client
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
from django.db import connection

from tests.bench.server import Server
from tests.bench.world import World

TICK = os.sysconf("SC_CLK_TCK")
# What a browser says of itself with each page.
BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "fr-FR,fr;q=0.9",
    "Accept-Encoding": "gzip, deflate, br",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one request, in seconds; `cpu` is of the web and of the database together, `apart` a part of it."""

    cpu: float
    database: float
    apart: float


@dataclass
class Act:
    """What is done again and again, and what it cost at each round; `do` answers the status."""

    do: Callable[[], int]
    count: int  # requests a round
    expected: int = 200
    apart: Callable[[], float] = float  # seconds of what is also counted apart, since some moment: nothing
    costs: list[Cost] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    @property
    def quietest(self) -> Cost:
        """Of the rounds: others share the processor, its caches and its speed, within seconds."""
        return min(self.costs, key=lambda one: one.cpu)

    @property
    def usual(self) -> float:
        return statistics.median(one.cpu for one in self.costs)

    def time_of(self, share: float) -> float:
        return sorted(self.times)[int(share * len(self.times))]


class Visitor:
    """A browser that keeps its link and its cookies: `act` answers the status."""

    def __init__(self, server: Server, host: str, cookies: dict[str, str]) -> None:
        self.server = server
        self._link = http.client.HTTPConnection("127.0.0.1", server.port)
        jar = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self._headers = BROWSER | {"Host": host} | ({"Cookie": jar} if jar else {})

    def get(self, path: str) -> int:
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: str, headers: dict[str, str]) -> int:
        return self._ask("POST", path, body, headers)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> int:
        self._link.request(method, path, body, self._headers | headers)
        answer = self._link.getresponse()
        answer.read()
        return answer.status


WARM = 5  # requests of a round that don't count, first


def measure(world: World, server: Server, act: Act) -> None:
    """One round."""
    for _turn in range(WARM):
        act.do()
    with _sessions_of(world) as sessions:
        web, database, apart = _cpu_of_server(server), sum(map(cpu_of, sessions)), act.apart()
        for _turn in range(act.count):
            begun = time.perf_counter()
            assert (status := act.do()) == act.expected, status
            act.times.append(time.perf_counter() - begun)
        web, database = _cpu_of_server(server) - web, sum(map(cpu_of, sessions)) - database
        apart = act.apart() - apart
    act.costs.append(Cost((web + database) / act.count, database / act.count, apart / act.count))


def queries(act: Callable[[], int], *, expected: int = 200) -> int:
    """How many an act of this process sends, once it has been done before."""
    assert (status := act()) == expected, status
    sent: list[str] = []

    def note(execute: Any, sql: str, *arguments: Any) -> Any:
        sent.append(sql)
        return execute(sql, *arguments)

    with connection.execute_wrapper(note):
        assert act() == expected
    return len(sent)


def cpu_of(pid: int) -> float:
    """Seconds of a process of this machine, its threads together: in nanoseconds where the kernel tells them."""
    if counted := [path.read_text().split()[0] for path in Path(f"/proc/{pid}/task").glob("*/schedstat")]:
        return sum(map(int, counted)) / 1e9
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _cpu_of_server(server: Server) -> float:
    workers = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return sum(map(cpu_of, [server.pid, *map(int, workers)]))


@contextmanager
def _sessions_of(world: World) -> Iterator[list[int]]:
    """The application's database sessions but this process's own."""
    session = psycopg2.connect(world.cluster["superuser_url"])
    own = connection.connection.get_backend_pid() if connection.connection else 0
    with session.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE usename = 'ent_app' AND pid <> %s", [own])
        found = [pid for (pid,) in cursor.fetchall()]
    yield found
    session.close()
