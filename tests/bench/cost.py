"""What a request costs: queries, and CPU of the web process and of its database session."""

import os
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one act, in seconds; `cpu` is of the web process and of its database session, `database` of the latter."""

    queries: int
    cpu: float
    database: float
    median: float
    p95: float


def cost(act: Callable[[], int], turns: Iterable[Any], *, expected: int = 200) -> Cost:
    """Of an act that answers `expected`, after five to warm up."""
    for _turn in range(5):
        assert (status := act()) == expected, status
    queries: list[str] = []

    def note(execute: Any, sql: str, *arguments: Any) -> Any:
        queries.append(sql)
        return execute(sql, *arguments)

    with connection.execute_wrapper(note):
        assert act() == expected
    backend, times = connection.connection.get_backend_pid(), []
    web, base = time.process_time(), cpu_of(backend)
    for _turn in turns:
        begun = time.perf_counter()
        act()
        times.append(time.perf_counter() - begun)
    web, database = time.process_time() - web, cpu_of(backend) - base
    times.sort()
    count = len(times)
    return Cost(
        len(queries), (web + database) / count, database / count, statistics.median(times), times[int(0.95 * count)]
    )


def cpu_of(pid: int) -> float:
    """Seconds, of a process of this machine."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK
