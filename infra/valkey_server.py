"""Valkey (broker, cache) for a laptop and for the tests: one server in one folder, 127.0.0.1 only."""

import json
import secrets
import signal
import socket
import subprocess
from pathlib import Path

from binaries import valkey_program
from places import read_json, write_private
from processes import HOST, InfraError, at_work_in, die_with_parent, end, free_port, runs, wait_until

CONFIGURATION = """\
bind {host}
port {port}
dir "{folder}"
requirepass {password}
daemonize no
save ""
appendonly yes
appendfsync everysec
maxmemory-policy noeviction
"""


class Valkey:
    """One server. Waiting tasks survive it: each write is in the journal within the second."""

    kind = "valkey"

    def __init__(self, data: Path, **_: object) -> None:
        self.data = data
        self.folder = data / "journal"
        self.log = data / "valkey.log"

    def running_pid(self) -> int | None:
        program = valkey_program().name
        written = read_json(self.data / "running.json").get("pid")
        found = [written] if written and runs(written, program, self.folder) else at_work_in(self.folder, program)
        return next(iter(found), None)

    def start(self, port: int, *, detached: bool) -> subprocess.Popen:
        self.port = port or free_port(read_json(self.data / "running.json").get("port", 0))
        self.folder.mkdir(mode=0o700, exist_ok=True)
        if not (self.data / "secrets.json").exists():
            write_private(self.data / "secrets.json", json.dumps({"password": secrets.token_urlsafe(24)}))
        self._write_configuration()
        process = self._launch(detached=detached)
        if not wait_until(lambda: self._answers() or process.poll() is not None, 60) or process.poll() is not None:
            end_of_log = "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
            raise InfraError(f"Valkey n’a pas démarré. Fin de son journal ({self.log}) :\n{end_of_log}")
        return process

    def stop(self, pid: int) -> None:
        end(pid, [(signal.SIGTERM, 15.0), (signal.SIGKILL, 5.0)])

    def description(self, pid: int) -> dict:
        port = getattr(self, "port", None) or read_json(self.data / "running.json")["port"]
        url = f"redis://:{self._password()}@{HOST}:{port}"
        return {"host": HOST, "port": port, "pid": pid, "url": url, "data": str(self.folder)}

    def _password(self) -> str:
        return read_json(self.data / "secrets.json")["password"]

    def _write_configuration(self) -> None:
        text = CONFIGURATION.format(
            host=HOST,
            port=self.port,
            folder=str(self.folder).replace("\\", "\\\\").replace('"', '\\"'),
            password=self._password(),
        )
        write_private(self.data / "valkey.conf", text)

    def _launch(self, *, detached: bool) -> subprocess.Popen:
        with open(self.log, "wb") as log:
            return subprocess.Popen(
                [valkey_program(), self.data / "valkey.conf"],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=None if detached else die_with_parent(signal.SIGTERM),
            )

    def _answers(self) -> bool:
        """Whether it answers PONG: while it reads its journal again it says LOADING."""
        try:
            with socket.create_connection((HOST, self.port), timeout=1) as link:
                link.sendall(f"AUTH {self._password()}\r\nPING\r\n".encode())
                answer = link.recv(200)
                if b"+OK" in answer and b"PONG" not in answer:
                    answer += link.recv(200)
                return b"+PONG" in answer
        except OSError:
            return False
