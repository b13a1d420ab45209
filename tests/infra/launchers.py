"""Starting infra's scripts as a person does, and knowing which processes they left."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg2

ROOT = Path(__file__).resolve().parents[2]
EMBEDDED = [sys.executable, ROOT / "infra" / "embedded.py"]
RUN = [sys.executable, ROOT / "infra" / "run.py"]


def embedded(command: str, data: Path, *options: str, env: dict[str, str] | None = None) -> dict[str, Any]:
    """Run to its end and return the line of JSON, if any."""
    done = subprocess.run(
        [*EMBEDDED, command, "--data", data, *options],
        check=True,
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        env=os.environ | (env or {}),
    )
    return json.loads(done.stdout) if done.stdout else {}


def ask(url: str, query: str, *parameters: Any) -> list[tuple]:
    """Each query in a session of its own, committed."""
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(query, parameters)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def eventually(condition: Any, seconds: float = 30) -> Any:
    """The first true answer; another process has no other way to say it is done."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        answer = condition()
        if answer or time.monotonic() > deadline:
            return answer
        pause.wait(0.05)


def free_port() -> int:
    """Not one that the system gives to connections: it would be taken in the minute before the server listens."""
    for port in random.sample(range(20_000, 30_000), 100):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("A hundred ports, and none is free.")


def processes_of(folder: Path) -> list[str]:
    """Live processes, of any user, whose environment or command names this folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            said = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if os.fsencode(folder) in said and int(entry.name) != os.getpid():
            found.append(said.decode(errors="replace")[-200:])
    return found


class Supervised:
    """`run.py services` on a folder of its own."""

    def __init__(self, data: Path, **environment: str) -> None:
        self.data = data
        self.process = subprocess.Popen(
            [*RUN, "services"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"ENT_DATA_DIR": str(data)} | environment,
            start_new_session=True,
        )
        self.settings = self._read_settings()

    def _read_settings(self) -> dict[str, str]:
        """What it prints, up to the empty line that ends it."""
        settings = {}
        for line in iter(self.process.stdout.readline, "\n"):
            if not line:
                raise AssertionError(self.process.stderr.read())
            name, found, value = line.rstrip("\n").partition("=")
            if found:
                settings[name] = value.strip("'")
        return settings

    def next_message(self) -> str:
        return self.process.stderr.readline()

    def signal(self, sign: signal.Signals) -> int:
        self.process.send_signal(sign)
        code = self.process.wait(timeout=60)
        self.process.stdout.close()
        self.process.stderr.close()
        return code

    def running(self, kind: str) -> int:
        return json.loads((self.data / kind / "running.json").read_text())["pid"]
