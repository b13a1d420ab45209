"""A database set up once for the whole run: the workers' clusters and the sites of the journeys begin as copies of it.

To migrate an empty database takes most of a minute, nearly all of it Django's, which rebuilds its state for each
migration. `make demo` from nothing is the matter of tests/infra/test_demo.py.
"""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from tests.infra.launchers import ROOT, embedded

SET_UP = [sys.executable, ROOT / "manage.py", "fleet", "bootstrap", "--spares", "0"]


def plant(run: Path, data: Path, *options: str) -> None:
    """`data`, which is new, becomes the folder of a database that is set up and not started. `run`: of this run."""
    with (run / "seed.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two workers one makes it, the other waits
        if not (run / "seed.done").exists():
            _make(run / "seed")
            (run / "seed.done").touch()
    embedded("copy", data, "--of", run / "seed", *options)


def _make(seed: Path) -> None:
    server = embedded("postgres", seed, "--detach", "--unsafe-fast")
    addresses = {"ENT_DATABASE_URL": server["app_url"], "ENT_OWNER_DATABASE_URL": server["owner_url"]}
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings.test", **addresses}
    try:
        subprocess.run(SET_UP, check=True, stdout=subprocess.DEVNULL, env=os.environ | settings)
    finally:
        embedded("stop", seed)
