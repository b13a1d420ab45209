"""The server of pages on a free port, as production runs it: one process, threads, persistent sessions."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.request import Request, urlopen

from tests.bench.world import ROOT

PATIENCE = 30  # seconds for a server to answer
ANY_DJANGO = "django.core.wsgi:get_wsgi_application"


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    pid: int


@contextmanager
def serving(settings: str, *, target: str = ANY_DJANGO, threads: int = 4) -> Iterator[Server]:
    """`target` makes the WSGI application."""
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", target, "--port", str(port)]
    command += ["--http", "1", "--no-ws", "--blocking-threads", str(threads), "--log-level", "warning"]
    server = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"DJANGO_SETTINGS_MODULE": settings}, stdout=subprocess.DEVNULL
    )
    try:
        _await(port)
        yield Server(port, server.pid)
    finally:
        server.terminate()
        server.wait(PATIENCE)


def load(server: Server, seconds: float, hosts: int, path: str = "/") -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.load", str(server.port), str(seconds), str(hosts), path]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await(port: int) -> None:
    """Until a page is answered: the port listens before the first worker lives, and even when none ever will."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            urlopen(Request(f"http://127.0.0.1:{port}/", headers={"Host": "bench-00000.localhost"}), timeout=PATIENCE)
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
