"""The cluster of a run (fsync on), our installation in it, and a second database for the ordinary way."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

ROOT = Path(__file__).resolve().parents[2]
EMBEDDED = ROOT / "infra/embedded.py"


@dataclass(frozen=True)
class World:
    """Where things are, and how big the run is."""

    cluster: dict[str, Any]
    folder: Path
    is_quick: bool

    def size(self, full: int, quick: int) -> int:
        return quick if self.is_quick else full

    def run(self, *command: str, settings: str = "tests.bench.settings", **variables: str) -> str:
        """Another Python process on this world; returns what it printed."""
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": settings} | variables
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    def stock(self, act: str, *arguments: str, **variables: str) -> Any:
        """One act of the ordinary way, timed by itself; returns its JSON."""
        printed = self.run(
            "-m", "tests.bench.stock", act, *arguments, settings="tests.bench.stock_settings", **variables
        )
        return json.loads(printed.splitlines()[-1])


@contextmanager
def world(*, is_quick: bool) -> Iterator[World]:
    with tempfile.TemporaryDirectory(prefix="ent-bench-") as temporary:
        folder = Path(temporary)
        cluster = _start(folder)
        try:
            _point_at(cluster, folder)
            yield World(cluster, folder, is_quick)
        finally:
            subprocess.run([sys.executable, EMBEDDED, "remove", "--data", folder / "pg"], check=True)


def _start(folder: Path) -> dict[str, Any]:
    command = [sys.executable, EMBEDDED, "postgres", "--data", folder / "pg", "--detach"]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def _point_at(cluster: dict[str, Any], folder: Path) -> None:
    session = psycopg2.connect(cluster["superuser_url"])
    session.autocommit = True
    session.cursor().execute("CREATE DATABASE stock OWNER ent_owner")
    session.close()
    stock = cluster["superuser_url"].rsplit("/", 1)[0] + "/stock"
    _prepare_stock(stock)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "ENT_DATABASE_URL": cluster["app_url"],
        "ENT_OWNER_DATABASE_URL": cluster["owner_url"],
        "ENT_STOCK_DATABASE_URL": stock,
        "ENT_DATA_DIR": str(folder / "var"),
    }


def _prepare_stock(url: str) -> None:
    session = psycopg2.connect(url)
    with session, session.cursor() as cursor:
        cursor.execute("CREATE SCHEMA extensions")
        for name in ("pg_trgm", "unaccent", "btree_gist"):
            cursor.execute(f"CREATE EXTENSION {name} SCHEMA extensions")
    session.close()
