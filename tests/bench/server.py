"""A gunicorn on a free port, as production runs it: threads, persistent sessions."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import Request, urlopen

from tests.bench.world import ROOT

PATIENCE = 30  # seconds for a server to answer


@contextmanager
def serving(settings: str, *, threads: int = 4) -> Iterator[int]:
    """Yields the port."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "django.core.wsgi:get_wsgi_application()"]
    command += ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", str(threads)]
    command += ["--log-level", "warning", "--keep-alive", "60"]
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"DJANGO_SETTINGS_MODULE": settings})
    try:
        _await(port)
        yield port
    finally:
        server.terminate()
        server.wait(PATIENCE)


def load(port: int, seconds: float, hosts: int, path: str = "/") -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.load", str(port), str(seconds), str(hosts), path]
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
