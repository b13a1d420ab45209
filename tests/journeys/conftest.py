"""The demo's real processes, with nobody in it but the academy's staff: the story fills it."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.core.look.conftest import chromium  # noqa: F401  (a fixture)
from tests.core.look.test_browser import OPTIONS
from tests.infra.launchers import RUN, embedded, free_port
from tests.support import cluster, seed

READY = "La plateforme est prête."


@dataclass(frozen=True)
class Site:
    port: int

    def url(self, name: str, path: str = "/") -> str:
        host = f"{name}.localhost" if name else "localhost"
        return f"http://{host}:{self.port}{path}"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:  # noqa: F811  (the fixture above)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with _running(tmp_path_factory.mktemp("journey") / "var", ENT_DEMO_EMPTY="1") as found:
        yield found


@pytest.fixture(scope="session")
def peopled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo as one finds it, for journeys that need weeks of school life. One for them all, since to fill it takes
    minutes: they are of one group, and leave it as they found it or nearly.
    """
    with _running(tmp_path_factory.mktemp("peopled") / "var") as found:
        yield found


@contextmanager
def _running(data: Path, **more: str) -> Iterator[Site]:
    port = free_port()
    seed.plant(cluster.folder(), data / "postgres")
    process = _start(data, port, **more)
    try:
        _await(process)
        yield Site(port)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        for kind in ("postgres", "valkey"):
            embedded("remove", data / kind)


def _start(data: Path, port: int, **more: str) -> subprocess.Popen[str]:
    variables = {"ENT_DATA_DIR": str(data), "PORT": str(port), "ENT_REFERENCE_DIR": str(data)} | more
    return subprocess.Popen(
        [*RUN, "demo"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | variables,
        start_new_session=True,
    )


def _await(process: subprocess.Popen[str]) -> None:
    printed = ""
    for line in process.stdout:
        printed += line
        if READY in line:
            return
    raise AssertionError(printed)
