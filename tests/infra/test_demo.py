"""`make demo` as a person runs it, with its real processes."""

import http.client
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.infra.launchers import RUN, embedded, eventually, free_port, processes_of

READY = "La plateforme est prête."


class Demo:
    def __init__(self, data: Path, port: int) -> None:
        self.port = port
        self.process = subprocess.Popen(
            [*RUN, "demo"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"ENT_DATA_DIR": str(data), "PORT": str(port), "ENT_REFERENCE_DIR": str(data / "absent")},
            start_new_session=True,
        )
        self.printed = self._read_until_ready()

    def _read_until_ready(self) -> str:
        printed = ""
        for line in self.process.stdout:
            printed += line
            if READY in line:
                return printed
        raise AssertionError(printed)

    def status(self, host: str, path: str = "/") -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers={"Host": f"{host}:{self.port}"})
            return connection.getresponse().status
        finally:
            connection.close()

    def end(self, sign: signal.Signals) -> int:
        self.process.send_signal(sign)
        self.process.communicate(timeout=60)
        return self.process.returncode


@pytest.fixture
def demo_folder(private_folder: Path) -> Iterator[Path]:
    data = private_folder / "var"
    yield data
    for kind in ("postgres", "valkey"):
        embedded("remove", data / kind)


def test_the_demo_starts_outlives_a_kill_and_stops_at_ctrl_c(demo_folder: Path) -> None:
    port = free_port()
    first = Demo(demo_folder, port)
    assert first.status("localhost") == 200
    assert first.status("academie.localhost", "/healthz") == 200
    assert first.status("narbonne.localhost", "/healthz") == 200
    assert first.status("inconnue.localhost") == 404

    first.end(signal.SIGKILL)
    again = Demo(demo_folder, port)

    assert "Narbonne et deux autres communes" in first.printed
    assert "Narbonne et deux autres communes" not in again.printed
    assert again.status("localhost") == 200
    assert again.end(signal.SIGINT) == 0
    assert eventually(lambda: processes_of(demo_folder) == [])
