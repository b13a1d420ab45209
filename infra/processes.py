"""Processes: who is alive, who runs under which user, who ends with whom.

Stand-alone: standard library only, so that it works before the environment exists.
"""

import contextlib
import ctypes
import fcntl
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

HOST = "127.0.0.1"
PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.02
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class InfraError(Exception):
    """A failure whose message, in French, is for the person who typed the command."""


class StopRequestedError(Exception):
    """SIGTERM, SIGHUP or Ctrl-C."""


def raise_on_signals() -> None:
    def request(number: int, _: object) -> None:
        raise StopRequestedError(signal.Signals(number).name)

    for sign in STOP_SIGNALS:
        signal.signal(sign, request)


def ignore_signals() -> None:
    """While everything is being ended: an impatient second Ctrl-C must not leave half of it behind."""
    for sign in STOP_SIGNALS:
        signal.signal(sign, signal.SIG_IGN)


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def server_user(cluster: Path) -> pwd.struct_passwd | None:
    """The unprivileged user PostgreSQL runs as when root starts it; None for an ordinary user.

    PostgreSQL refuses to run as root, and its initdb wants a user with a name: `nobody` exists everywhere.
    A cluster that an ordinary user made stays theirs.
    """
    if os.geteuid() != 0:
        return None
    if cluster.exists() and cluster.stat().st_uid != 0:
        return pwd.getpwuid(cluster.stat().st_uid)
    name = os.environ.get("ENT_PG_USER", "nobody")
    try:
        return pwd.getpwnam(name)
    except KeyError:
        raise InfraError(f"L’utilisateur système « {name} » n’existe pas : indiquez-en un dans ENT_PG_USER.") from None


def identity(user: pwd.struct_passwd | None) -> dict:
    """Arguments of `subprocess` that run a command as this user."""
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def can_use(path: Path, user: pwd.struct_passwd | None) -> bool:
    """Whether this user can enter and read the folder, asked of the kernel: every parent's mode counts."""
    if user is None:
        return os.access(path, os.R_OK | os.X_OK)
    child = os.fork()
    if child == 0:
        allowed = False
        with contextlib.suppress(OSError):
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            allowed = os.access(path, os.R_OK | os.X_OK)
        os._exit(0 if allowed else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def die_with_parent(sign: signal.Signals) -> Callable[[], None] | None:
    """A `preexec_fn`: the kernel signals the child when its parent dies, even by kill -9. Linux only."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask_the_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(sign))
        if os.getppid() != parent:  # the parent died before the request
            os._exit(1)

    return ask_the_kernel


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False


def runs(pid: int, program: str, folder: Path) -> bool:
    """Whether this process is this program at work in this folder: a number may have gone to someone else."""
    if not is_alive(pid):
        return False
    process = Path(f"/proc/{pid}")
    try:
        name = os.path.basename(os.readlink(process / "exe")).removesuffix(" (deleted)")
        return name == program and os.path.samefile(os.readlink(process / "cwd"), folder)
    except OSError:
        pass
    if process.exists():  # Linux, and the process is not ours to look at
        return False
    listing = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return program in listing.stdout and str(folder) in listing.stdout


def at_work_in(folder: Path, program: str) -> list[int]:
    """Every process of this program whose working folder is this one (Linux; empty elsewhere)."""
    pids = [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]
    return [pid for pid in pids if runs(pid, program, folder)]


def kill_marked(mark: str) -> None:
    """End every process of ours whose environment holds `NAME=value` (Linux; nothing elsewhere)."""
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.fsencode(mark) in (entry / "environ").read_bytes().split(b"\0"):
                end(int(entry.name), [(signal.SIGKILL, 5.0)])


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def end(pid: int, signals: list[tuple[signal.Signals, float]]) -> None:
    """Send each signal in turn, leaving the process that many seconds to end before the next."""
    for sign, patience in signals:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
        if wait_until(lambda: _is_gone(pid), patience):
            return


def _is_gone(pid: int) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    return not is_alive(pid)


@contextlib.contextmanager
def exclusive(folder: Path, patience: float = 15) -> Iterator[None]:
    """One launcher at a time in this folder; the kernel lets go of the lock when its holder dies.

    Raises InfraError when another one keeps it.
    """
    with open(folder / "lock", "w") as lock:
        if not wait_until(lambda: _try_lock(lock.fileno()), patience):
            raise InfraError(f"Un autre processus se sert déjà de « {folder} » : arrêtez-le d’abord.")
        yield


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def free_port(preferred: int) -> int:
    """The preferred one (that of last time, so that a developer's settings keep working) where it is free."""
    for candidate in (preferred, 0):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, candidate))
            return probe.getsockname()[1]
    raise InfraError("Aucun port libre sur 127.0.0.1.")
