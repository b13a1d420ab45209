import io
import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.observability.logs import Context, SafeJsonFormatter

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def written():
    """The lines that production would write, as they come: `written()` gives them parsed."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(Context())
    handler.setFormatter(SafeJsonFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.fixture(scope="session")
def run_apart():
    """A fresh Python in the project, for what must not touch this process; its output."""

    def _run(*arguments: str, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": f"platform{os.pathsep}."} | environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    return _run
