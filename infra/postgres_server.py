"""PostgreSQL for a laptop and for the tests: one cluster in one folder, 127.0.0.1 only, its own passwords."""

import hashlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from binaries import major_version, postgres_folder
from places import cluster_folder, give, read_json, usable_binaries, write_private
from processes import (
    HOST,
    InfraError,
    at_work_in,
    die_with_parent,
    end,
    free_port,
    identity,
    runs,
    server_user,
    wait_until,
)

ROLES = ["postgres", "ent_owner", "ent_app"]
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "200",
    "shared_buffers": "128MB",
    # A commune is a schema: dropping or dumping several locks many tables at once.
    "max_locks_per_transaction": "256",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "lc_messages": "C",
    # Neither a statement nor the row that broke a constraint is written down: they may name someone.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
UNSAFE_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}

# The same file as in production: roles, database, schema of the extensions.
BOOTSTRAP = Path(__file__).parent / "postgres" / "bootstrap.sql"

# Fast shutdown, then immediate (the next start replays the journal), then none of its choosing.
SHUTDOWN = [(signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)]


class Postgres:
    """One cluster. `data` belongs to the caller; the cluster itself to the user the server runs as."""

    kind = "postgres"

    def __init__(self, data: Path, *, unsafe_fast: bool = False) -> None:
        self.data = data
        self.user = server_user(data / "cluster")
        self.unsafe_fast = unsafe_fast
        self.folder = cluster_folder(data, self.user, throwaway=unsafe_fast)
        self.cluster = self.folder / "pgdata"
        self.log = data / "postgres.log"

    def running_pid(self) -> int | None:
        """The postmaster at work in this cluster, whoever started it."""
        pid = self._pid_file_lines()[:1]
        if pid and runs(int(pid[0]), "postgres", self.cluster):
            return int(pid[0])
        return None

    def start(self, port: int, *, detached: bool) -> subprocess.Popen:
        """Start and wait until it answers. Raises InfraError with the end of its log when it does not."""
        self.clients = postgres_folder()
        self.programs = usable_binaries(self.clients, self.user)
        self._prepare_cluster()
        self._end_leftovers()
        process = self._launch(port, detached=detached)
        if (
            not wait_until(lambda: self._is_ready(process) or process.poll() is not None, 120)
            or process.poll() is not None
        ):
            raise InfraError(f"PostgreSQL n’a pas démarré. Fin de son journal ({self.log}) :\n{self._log_end()}")
        self._prepare_database()
        return process

    def begin_as(self, other: "Postgres") -> None:
        """With a copy of the cluster of another, which is stopped; same passwords. Raises InfraError."""
        if self.cluster.exists() or other.running_pid() or not other.cluster.exists():
            raise InfraError(f"« {other.data} » ne peut pas être copié dans « {self.data} ».")
        draft = self.folder / "pgdata-draft"
        shutil.rmtree(draft, ignore_errors=True)
        self._run(["cp", "-a", other.cluster, draft])
        for name in ("secrets.json", "roles.done"):
            write_private(self.data / name, (other.data / name).read_text())
        draft.rename(self.cluster)

    def stop(self, pid: int) -> None:
        end(pid, SHUTDOWN)
        self._end_leftovers()

    def description(self, pid: int) -> dict:
        port = int(self._pid_file_lines()[3])
        return {
            "host": HOST,
            "port": port,
            "pid": pid,
            "superuser_url": self._url("postgres", port, "postgres"),
            "owner_url": self._url("ent_owner", port, "ent"),
            "app_url": self._url("ent_app", port, "ent"),
            "bin": str(postgres_folder()),
            "data": str(self.cluster),
        }

    def _url(self, role: str, port: int, database: str) -> str:
        return f"postgresql://{role}:{self._passwords()[role]}@{HOST}:{port}/{database}"

    def _passwords(self) -> dict:
        return read_json(self.data / "secrets.json")

    def _prepare_cluster(self) -> None:
        major = major_version(self.programs)
        if not self.cluster.exists():
            self._init_cluster(major)
        if not self._passwords():
            raise InfraError(f"Les mots de passe de la base ont disparu de « {self.data} » : effacez les données.")
        written_by = int((self.cluster / "PG_VERSION").read_text())
        if written_by != major:
            raise InfraError(
                f"Les données de « {self.cluster} » sont de PostgreSQL {written_by}, le programme trouvé est "
                f"en version {major} : indiquez l’ancien dans ENT_PG_BIN, ou effacez les données."
            )

    def _init_cluster(self, major: int) -> None:
        """Made beside and renamed at the end, so that a half-made cluster is never taken for a whole one."""
        write_private(self.data / "secrets.json", json.dumps({role: secrets.token_urlsafe(24) for role in ROLES}))
        (self.data / "roles.done").unlink(missing_ok=True)
        draft = self.folder / "pgdata-draft"
        shutil.rmtree(draft, ignore_errors=True)
        give(draft, self.user)
        self._run_initdb(major, draft)
        draft.rename(self.cluster)

    def _run_initdb(self, major: int, draft: Path) -> None:
        password_file = draft.with_suffix(".password")
        password_file.unlink(missing_ok=True)
        write_private(password_file, self._passwords()["postgres"])
        if self.user is not None:
            os.chown(password_file, self.user.pw_uid, self.user.pw_gid)
        command = [
            self.programs / "initdb",
            "-D",
            draft,
            "-U",
            "postgres",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
        ]
        command += ["--no-instructions", f"--pwfile={password_file}", *_locale_options(major)]
        command += ["--no-sync"] if self.unsafe_fast else []
        try:
            self._run(command, cwd="/", **identity(self.user))
        finally:
            password_file.unlink()

    def _end_leftovers(self) -> None:
        """After a kill -9: end the dead server's last sessions, then forget its pid.

        The kernel may have given this pid to another process, or keep it for a zombie nobody waits for:
        PostgreSQL would refuse to start. Its own interlock (shared memory) is only bypassed where we can see
        that no process works in this folder any more.
        """
        for sign, patience in [(signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)]:
            for pid in at_work_in(self.cluster, "postgres"):
                end(pid, [(sign, patience)])
        if sys.platform.startswith("linux"):
            (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _launch(self, port: int, *, detached: bool) -> subprocess.Popen:
        port = port or free_port(read_json(self.data / "running.json").get("port", 0))
        settings = SETTINGS | (UNSAFE_FAST if self.unsafe_fast else {}) | {"port": str(port)}
        command = [self.programs / "postgres", "-D", self.cluster]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        if self.log.exists() and self.log.stat().st_size > 10_000_000:
            self.log.replace(self.log.with_suffix(".log.1"))
        with open(self.log, "ab") as log:
            return subprocess.Popen(
                command,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the launcher, which ends the server in order
                preexec_fn=None if detached else die_with_parent(signal.SIGINT),
                **identity(self.user),
            )

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _is_ready(self, process: subprocess.Popen) -> bool:
        lines = self._pid_file_lines()
        return len(lines) >= 8 and int(lines[0]) == process.pid and lines[7].strip() == "ready"

    def _prepare_database(self) -> None:
        done = self.data / "roles.done"
        digest = hashlib.sha256(BOOTSTRAP.read_bytes()).hexdigest()
        if done.exists() and done.read_text() == digest:
            return
        passwords = self._passwords()
        environment = os.environ | {
            "PGPASSWORD": passwords["postgres"],
            "ENT_OWNER_PASSWORD": passwords["ent_owner"],
            "ENT_APP_PASSWORD": passwords["ent_app"],
        }
        place = ["-h", HOST, "-p", self._pid_file_lines()[3], "-U", "postgres", "-d", "postgres"]
        self._run([self.clients / "psql", "-X", "-q", *place, "-f", BOOTSTRAP], env=environment)
        write_private(done, digest)

    def _run(self, command: list, **options) -> None:
        result = subprocess.run(command, capture_output=True, text=True, check=False, **options)
        if result.returncode:
            raise InfraError(f"« {Path(command[0]).name} » a échoué :\n{result.stdout}{result.stderr}")

    def _log_end(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])


def _locale_options(major: int) -> list[str]:
    """Sort by code point everywhere (names sort by a column of ours), upper and lower case by Unicode."""
    if major >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C"]
