"""One command for the whole platform on a laptop: `run.py demo|services|reset`.

demo      database, broker, mail catcher, set-up at the first run, then web, worker and beat, until Ctrl-C
services  database and broker only, for a developer who starts the rest: prints the environment to use
reset     deletes the demo's data

Everything listens on 127.0.0.1 and is kept in one folder (ENT_DATA_DIR, by default `var/`).
"""

import argparse
import hashlib
import http.client
import os
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from places import read_json, write_private
from processes import (
    HOST,
    InfraError,
    StopRequestedError,
    exclusive,
    ignore_signals,
    raise_on_signals,
    say,
)
from supervisor import Child, Supervisor

ROOT = Path(__file__).resolve().parents[1]
INFRA = ROOT / "infra"
PYTHON = sys.executable

# What the first run does, in this order; the next ones skip it as long as the code is the same.
SETUP_STEPS = [
    ("Fichiers des pages", ["collectstatic", "--noinput", "--verbosity", "0"]),
    ("Schéma de l’académie et modèle des communes", ["fleet", "bootstrap"]),
    ("Communes, écoles et calendrier", ["reference", "load"]),
    ("Narbonne et deux autres communes", ["demo", "seed"]),
]
ACCOUNTS = ["demo", "accounts"]
# A change in any of these runs the set-up steps again.
SETUP_SOURCES = [
    "uv.lock",
    "infra/postgres/bootstrap.sql",
    "platform/core/static/**/*",
    "*/**/migrations/*.py",
    "provisioning/**/*",
]


class Installation:
    """One folder of data and what is derived from it."""

    def __init__(self) -> None:
        self.data = Path(os.environ.get("ENT_DATA_DIR") or ROOT / "var").resolve()
        self.data.mkdir(parents=True, exist_ok=True)
        self.port = os.environ.get("PORT") or "8000"
        self.settings_file = self.data / "demo.env"
        self.stamp = self.data / "demo.stamp"
        self.supervisor = Supervisor(ROOT, self.data / "log")

    def child(self, name: str, label: str, command: list[str], settings: dict[str, str]) -> Child:
        return Child(name, label, [str(part) for part in command], os.environ | settings)

    def start_servers(self) -> dict[str, str]:
        """Start the database and the broker. Return the environment that leads to them."""
        folders = {kind: str(self.data / kind) for kind in ("postgres", "valkey")}
        programs = {
            kind: [PYTHON, INFRA / "embedded.py", kind, "--data", folder] for kind, folder in folders.items()
        }
        step = Progress("Base de données et file d’attente")
        postgres = self.supervisor.start_service(
            self.child("postgres", "La base de données", programs["postgres"], {})
        )
        valkey = self.supervisor.start_service(
            self.child("valkey", "La file d’attente", programs["valkey"], {})
        )
        step.done()
        return {
            "ENT_DATABASE_URL": postgres["app_url"],
            "ENT_OWNER_DATABASE_URL": postgres["owner_url"],
            "ENT_BROKER_URL": f"{valkey['url']}/0",
            "ENT_CACHE_URL": f"{valkey['url']}/1",
        }

    def start_mail_catcher(self) -> dict[str, str]:
        command = [PYTHON, INFRA / "mail_catcher.py", "--folder", self.data / "mail"]
        mail = self.supervisor.start_service(self.child("mail", "Le collecteur de courriels", command, {}))
        return {"ENT_SMTP_HOST": HOST, "ENT_SMTP_PORT": str(mail["port"])}

    def fixed_settings(self) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "ENT_SECRET_KEY": self._secret_key(),
            "ENT_DEMO": "1",
            "ENT_DOMAIN": "localhost",
            "ENT_PORT": self.port,
            "ENT_DATA_DIR": str(self.data),
            "ENT_MEDIA_DIR": os.environ.get("ENT_MEDIA_DIR") or str(self.data / "media"),
        }

    def _secret_key(self) -> str:
        """Made once: a new one would end every session and every activation code."""
        path = self.data / "secret.json"
        if not read_json(path).get("key"):
            write_private(path, f'{{"key": "{secrets.token_urlsafe(64)}"}}')
        return read_json(path)["key"]

    def write_settings(self, settings: dict[str, str]) -> None:
        """For a shell: `set -a; . var/demo.env` before `manage.py`."""
        lines = [f"{name}={shlex.quote(value)}" for name, value in sorted(settings.items())]
        write_private(self.settings_file, "\n".join(lines) + "\n")

    def set_up(self, settings: dict[str, str]) -> None:
        digest = code_digest()
        if self.stamp.exists() and self.stamp.read_text() == digest:
            return
        for label, arguments in SETUP_STEPS:
            step = Progress(label)
            self.manage(label, arguments, settings)
            step.done()
        self.stamp.write_text(digest)

    def manage(self, label: str, arguments: list[str], settings: dict[str, str]) -> str:
        command = [PYTHON, ROOT / "manage.py", *arguments]
        return self.supervisor.run(self.child("setup", label, command, settings))

    def start_platform(self, settings: dict[str, str]) -> None:
        """The web process never has the owner's login: what it must not do, the database refuses."""
        web_settings = settings | {"ENT_OWNER_DATABASE_URL": ""}
        web = self.child("web", "Le serveur des pages", self._web_command(), web_settings)
        celery = [PYTHON, "-m", "celery", "-A", "config.celery"]
        worker = [
            *celery,
            "worker",
            "--pool=prefork",
            "--concurrency=2",
            "--loglevel=INFO",
            "--without-mingle",
        ]
        schedule = self.data / "beat" / "schedule"
        schedule.parent.mkdir(exist_ok=True)
        beat = [*celery, "beat", "--schedule", schedule, "--pidfile=", "--loglevel=INFO"]
        step = Progress("Pages, tâches et agenda des tâches")
        self.supervisor.start(self.child("worker", "L’exécuteur des tâches", worker, settings))
        self.supervisor.start(self.child("beat", "L’agenda des tâches", beat, settings))
        self.supervisor.start(web)
        self.supervisor.wait_for(web, lambda: answers(int(self.port)), 60)
        step.done()

    def _web_command(self) -> list:
        command = [PYTHON, "-m", "gunicorn", "config.wsgi:application", "--bind", f"{HOST}:{self.port}"]
        command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"]
        return [*command, "--graceful-timeout", "5", "--access-logfile", "-"]


class Progress:
    """`  Base de données … 0,4 s`, one line per step."""

    def __init__(self, label: str) -> None:
        self.started = time.monotonic()
        print(f"  {label} …", end=" ", flush=True)

    def done(self) -> None:
        print(f"{time.monotonic() - self.started:.1f} s".replace(".", ","), flush=True)


def code_digest() -> str:
    digest = hashlib.sha256()
    for pattern in SETUP_SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and path.suffix != ".pyc" and ".venv" not in path.parts:
                digest.update(f"{path.relative_to(ROOT)}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"academie.localhost:{port}"})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def refuse_taken_port(port: str) -> None:
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise InfraError(f"PORT={port} n’est pas un numéro de port.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(port)))
        except OSError:
            raise InfraError(
                f"Le port {port} est déjà pris sur cette machine : choisissez-en un autre, "
                f"par exemple `make demo PORT={int(port) % 65000 + 80}`."
            ) from None


def demo(installation: Installation) -> None:
    refuse_taken_port(installation.port)
    print("ENT-école : démonstration", flush=True)
    settings = (
        installation.fixed_settings() | installation.start_servers() | installation.start_mail_catcher()
    )
    installation.write_settings(settings)
    installation.set_up(settings)
    installation.start_platform(settings)
    accounts = installation.manage("Comptes de démonstration", ACCOUNTS, settings)
    print(welcome(installation, accounts), flush=True)
    installation.supervisor.watch()


def welcome(installation: Installation, accounts: str) -> str:
    port = installation.port
    return f"""
La plateforme est prête.

  http://localhost:{port}             l’entrée de la démonstration
  http://academie.localhost:{port}    l’académie
  http://narbonne.localhost:{port}    la commune de Narbonne

{accounts.rstrip()}

Données et journaux : {installation.data}
Ctrl-C arrête tout ; « make demo » reprend où vous en étiez ; « make reset » efface les données.
"""


def services(installation: Installation) -> None:
    settings = (
        installation.fixed_settings() | installation.start_servers() | installation.start_mail_catcher()
    )
    installation.write_settings(settings)
    print(installation.settings_file.read_text(), flush=True)
    installation.supervisor.watch()


def reset(installation: Installation) -> None:
    installation.stamp.unlink(missing_ok=True)
    for kind in ("postgres", "valkey"):
        command = [PYTHON, INFRA / "embedded.py", "remove", "--data", installation.data / kind]
        subprocess.run(command, check=True)
    for folder in ("mail", "media", "static", "beat", "log"):
        shutil.rmtree(installation.data / folder, ignore_errors=True)
    for file in (installation.settings_file, installation.data / "secret.json"):
        file.unlink(missing_ok=True)
    print("Les données de la démonstration sont effacées.")


COMMANDS = {"demo": demo, "services": services, "reset": reset}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=COMMANDS)
    command = COMMANDS[parser.parse_args().command]
    installation = Installation()
    raise_on_signals()
    try:
        with exclusive(installation.data, patience=2):
            return run_and_clean(command, installation)
    except (InfraError, StopRequestedError) as error:
        say(str(error))
        return 1


def run_and_clean(command: Callable[[Installation], None], installation: Installation) -> int:
    try:
        command(installation)
        return 0
    except StopRequestedError:
        say("\nArrêt…")
        return 0
    except InfraError as error:
        say(f"\n{error}")
        return 1
    finally:
        ignore_signals()
        installation.supervisor.stop()


if __name__ == "__main__":
    sys.exit(main())
