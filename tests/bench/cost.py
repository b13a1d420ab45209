"""What a request costs: queries, and CPU of the web process and of its database session."""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.db import connection

TICK = os.sysconf("SC_CLK_TCK")


def cost(act: Callable[[], int], turns: Iterable[Any], *, expected: int = 200) -> tuple[int, float]:
    """(queries, CPU seconds) of one act that answers `expected`, after five to warm up."""
    for _turn in range(5):
        assert act() == expected
    queries: list[str] = []

    def note(execute: Any, sql: str, *arguments: Any) -> Any:
        queries.append(sql)
        return execute(sql, *arguments)

    with connection.execute_wrapper(note):
        assert act() == expected
    backend, count = connection.connection.get_backend_pid(), 0
    web, base = time.process_time(), cpu_of(backend)
    for _turn in turns:
        act()
        count += 1
    return len(queries), (time.process_time() - web + cpu_of(backend) - base) / count


def cpu_of(pid: int) -> float:
    """Seconds, of a process of this machine."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK
