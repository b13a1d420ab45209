"""Starts children, watches them, starts again the one that dies, ends them all, grandchildren included.

Each child leads a process group of its own: Ctrl-C reaches only the supervisor, which ends the groups in the
reverse order of their start. On Linux the kernel ends the children of a supervisor killed by kill -9.
"""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from processes import InfraError, die_with_parent, kill_marked, say, wait_until

MARK = "ENT_SUPERVISED_IN"
LOG_LIMIT = 10_000_000
SHORT_LIFE_SECONDS = 10
SHORT_LIVES_ALLOWED = 5
PATIENCE_SECONDS = 15


@dataclass
class Child:
    """A program to keep alive. `label` is what it is, in French, for the person at the terminal."""

    name: str
    label: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    short_lives: int = 0
    is_service: bool = False


class Supervisor:
    def __init__(self, folder: Path, logs: Path) -> None:
        self.folder = folder
        self.logs = logs
        self.mark = f"{MARK}={logs}"
        self.children: list[Child] = []
        logs.mkdir(parents=True, exist_ok=True)

    def end_leftovers(self) -> None:
        """A supervisor and a child killed together leave grandchildren, which keep the port for a while."""
        kill_marked(self.mark)

    def start(self, child: Child) -> None:
        self.children.append(child)
        self._launch(child, subprocess.DEVNULL)

    def start_service(self, child: Child) -> dict:
        """Start a child that says where it answers (one line of JSON on stdout); it keeps that port later.

        Raises InfraError when it ends without a word.
        """
        child.is_service = True
        self.children.append(child)
        self._launch(child, subprocess.PIPE)
        line = child.process.stdout.readline()
        child.process.stdout.close()
        if not line:
            raise InfraError(f"{child.label} n’a pas démarré :\n{self.log_end(child)}")
        answer = json.loads(line)
        child.command = [*child.command, "--port", str(answer["port"])]
        return answer

    def run(self, child: Child) -> str:
        """Run to its end and return what it printed. Raises InfraError with the end of it when it fails."""
        self.children.append(child)
        self._launch(child, subprocess.PIPE)
        printed = child.process.stdout.read().decode(errors="replace")
        code = child.process.wait()
        self.children.remove(child)
        if code:
            last = "\n".join([*printed.splitlines()[-15:], self.log_end(child)])
            raise InfraError(f"{child.label} : échec (code {code}).\n{last}")
        return printed

    def wait_for(self, child: Child, answers: Callable[[], bool], seconds: float) -> None:
        """Raises InfraError when it dies or keeps silent."""
        wait_until(lambda: answers() or child.process.poll() is not None, seconds)
        if not answers():
            raise InfraError(f"{child.label} ne répond pas :\n{self.log_end(child)}")

    def watch(self) -> None:
        """Until a signal interrupts it. Raises InfraError when a child can't stay alive."""
        while True:
            for child in self.children:
                code = child.process.poll()
                if code is not None:
                    self._start_again(child, code)
            time.sleep(0.2)

    def stop(self) -> None:
        """The platform together, then the services in reverse order: nobody loses the database while working."""
        started = [child for child in reversed(self.children) if child.process]
        platform = [child for child in started if not child.is_service]
        for child in platform:
            child.process.terminate()
        for child in [*platform, *(child for child in started if child.is_service)]:
            self._end_group(child.process)
        self.children.clear()

    def log_end(self, child: Child) -> str:
        path = self._log_path(child)
        return "\n".join(path.read_text(errors="replace").splitlines()[-15:]) if path.exists() else ""

    def _log_path(self, child: Child) -> Path:
        return self.logs / f"{child.name}.log"

    def _launch(self, child: Child, stdout: int) -> None:
        path = self._log_path(child)
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_suffix(".log.1"))
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            child.process = subprocess.Popen(
                child.command,
                cwd=self.folder,
                env=child.env if child.is_service else child.env | dict([self.mark.split("=", 1)]),
                stdin=subprocess.DEVNULL,
                stdout=log if stdout == subprocess.DEVNULL else stdout,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
        child.started_at = time.monotonic()

    def _start_again(self, child: Child, code: int) -> None:
        self._end_group(child.process)
        lived_long = time.monotonic() - child.started_at > SHORT_LIFE_SECONDS
        child.short_lives = 0 if lived_long else child.short_lives + 1
        if child.short_lives > SHORT_LIVES_ALLOWED:
            raise InfraError(f"{child.label} : arrêts à répétition ({_cause(code)}).\n{self.log_end(child)}")
        say(f"  ! {child.label} : arrêt inattendu ({_cause(code)}), redémarrage.")
        self._launch(child, subprocess.DEVNULL)

    def _end_group(self, process: subprocess.Popen) -> None:
        """Ask the leader, then end whoever is left in its group."""
        if process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE_SECONDS)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _cause(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
