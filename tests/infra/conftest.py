import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.infra.launchers import Supervised, embedded, processes_of


@pytest.fixture
def private_folder() -> Iterator[Path]:
    """Mode 700, with a space in its name: the user PostgreSQL runs as, when root starts it, can't enter."""
    with tempfile.TemporaryDirectory(prefix="un dossier à moi ") as folder:
        yield Path(folder)


@pytest.fixture
def server_folder(private_folder: Path) -> Iterator[Path]:
    """Where a test's embedded server lives; nothing of it stays."""
    folder = private_folder / "données"
    yield folder
    embedded("remove", folder)
    assert processes_of(folder) == []


@pytest.fixture
def supervised(private_folder: Path) -> Iterator[Supervised]:
    data = private_folder / "var"
    running = Supervised(data)
    yield running
    if running.process.poll() is None:
        running.process.terminate()
        running.process.communicate(timeout=60)
    for kind in ("postgres", "valkey"):
        embedded("remove", data / kind)
    assert processes_of(data) == []
