"""One installation of the demo: a folder of data, the servers that work on it, and its set-up."""

import hashlib
import http.client
import os
import secrets
import shlex
import sys
import time
from pathlib import Path

from places import read_json, write_private
from processes import HOST
from supervisor import Child, Supervisor

ROOT = Path(__file__).resolve().parents[1]
INFRA = ROOT / "infra"
PYTHON = sys.executable

# What the first run does, in this order; the next ones skip it as long as the code is the same.
SETUP_STEPS = [
    ("Fichiers des pages", ["collectstatic", "--noinput", "--verbosity", "0"]),
    ("Schéma de l’académie et modèle des communes", ["fleet", "bootstrap"]),
    ("Communes d’une version précédente", ["fleet", "migrate"]),
    ("Communes, écoles et calendrier", ["reference", "load", "--apply"]),
    ("Narbonne et deux autres communes", ["demo", "seed"]),
]
ACCOUNTS = ["demo", "accounts"]
ROOMS = ["platform", "tenants", "shared_apps", "tenant_apps", "provisioning"]
# A change in any of these runs the set-up steps again.
SETUP_SOURCES = [
    "uv.lock",
    "infra/postgres/bootstrap.sql",
    "provisioning/**/*.py",
    *(f"{room}/**/migrations/*.py" for room in ROOMS),
    *(f"{room}/**/static/**/*" for room in ROOMS),
    *(f"{room}/**/data/*" for room in ROOMS),
]


class Installation:
    """One folder of data and what is derived from it."""

    def __init__(self) -> None:
        self.data = Path(os.environ.get("ENT_DATA_DIR") or ROOT / "var").resolve()
        self.data.mkdir(parents=True, exist_ok=True)
        self.port = os.environ.get("PORT") or "8000"
        self.settings_file = self.data / "demo.env"
        self.stamp = self.data / "demo.stamp"
        self.accounts_file = self.data / "demo.accounts"
        self.supervisor = Supervisor(ROOT, self.data / "log")

    def child(self, name: str, label: str, command: list[str], settings: dict[str, str]) -> Child:
        return Child(name, label, [str(part) for part in command], os.environ | settings)

    def start_servers(self) -> dict[str, str]:
        """Start the database and the broker. Return the environment that leads to them."""
        folders = {kind: str(self.data / kind) for kind in ("postgres", "valkey")}
        programs = {kind: [PYTHON, INFRA / "embedded.py", kind, "--data", folder] for kind, folder in folders.items()}
        step = Progress("Base de données et file d’attente")
        postgres = self.supervisor.start_service(self.child("postgres", "La base de données", programs["postgres"], {}))
        valkey = self.supervisor.start_service(self.child("valkey", "La file d’attente", programs["valkey"], {}))
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
            "ENT_SECRET_KEY": self._kept_key("secret", 64),
            "ENT_PUSH_KEY": self._kept_key("push", 32),
            "ENT_DEMO": "1",
            "ENT_DOMAIN": "localhost",
            "ENT_PORT": self.port,
            "ENT_DATA_DIR": str(self.data),
            "ENT_MEDIA_DIR": os.environ.get("ENT_MEDIA_DIR") or str(self.data / "media"),
        }

    def _kept_key(self, name: str, size: int) -> str:
        """Made once: a new one would end every session and every activation code, or silence every telephone.

        Any number of 32 bytes is a private key of the curve of web push.
        """
        path = self.data / f"{name}.json"
        if not read_json(path).get("key"):
            write_private(path, f'{{"key": "{secrets.token_urlsafe(size)}"}}')
        return read_json(path)["key"]

    def write_settings(self, settings: dict[str, str]) -> None:
        """For a shell: `set -a; . var/demo.env` before `manage.py`."""
        lines = [f"{name}={shlex.quote(value)}" for name, value in sorted(settings.items())]
        write_private(self.settings_file, "\n".join(lines) + "\n")

    def set_up(self, settings: dict[str, str]) -> None:
        self._build_frontend()
        digest = self._digest()
        if self.stamp.exists() and self.stamp.read_text() == digest:
            return
        for label, arguments in SETUP_STEPS:
            step = Progress(label)
            self.manage(label, arguments, settings)
            step.done()
        write_private(self.accounts_file, self.manage("Comptes de démonstration", ACCOUNTS, settings))
        self.stamp.write_text(digest)

    def _build_frontend(self) -> None:
        """Immediate when it is already built; without npm or network the pages work with the system's font."""
        command = [PYTHON, INFRA / "frontend.py", "--data", self.data]
        self.supervisor.run(self.child("frontend", "Polices et icônes", command, {}))

    def _digest(self) -> str:
        """Of the code, of what was built, and of this very database: a new one has everything to set up."""
        built = self.data / "frontend" / "ent-build" / "stamp"
        paths = [path for pattern in SETUP_SOURCES for path in sorted(ROOT.glob(pattern)) if path.is_file()]
        digest = hashlib.sha256()
        for path in [*paths, self.data / "postgres" / "secrets.json", *([built] if built.exists() else [])]:
            digest.update(f"{path}\0".encode())
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def manage(self, label: str, arguments: list[str], settings: dict[str, str]) -> str:
        command = [PYTHON, ROOT / "manage.py", *arguments]
        return self.supervisor.run(self.child("setup", label, command, settings))

    def start_platform(self, settings: dict[str, str]) -> None:
        """Web, worker, then beat, which nobody waits for.

        The web process never has the owner's login: what it must not do, the database refuses.
        """
        celery = [PYTHON, "-m", "celery", "-A", "config.celery"]
        worker = [*celery, "worker", "--pool=prefork", "--concurrency=2", "--loglevel=INFO", "--without-mingle"]
        schedule = self.data / "beat" / "schedule"
        schedule.parent.mkdir(exist_ok=True)
        beat = [*celery, "beat", "--schedule", schedule, "--pidfile=", "--loglevel=INFO"]
        served = {"ENT_OWNER_DATABASE_URL": "", "ENT_WEB_PROCESSES": "2", "ENT_WEB_THREADS": "4"}
        command = [PYTHON, "-m", "config.web", f"{HOST}:{self.port}"]
        web = self.child("web", "Le serveur des pages", command, settings | served)
        self.supervisor.start(web)
        self.supervisor.start(self.child("worker", "L’exécuteur des tâches", worker, settings))
        self.supervisor.wait_for(web, lambda: answers(int(self.port)), 60)
        self.supervisor.start(self.child("beat", "L’agenda des tâches", beat, settings))


class Progress:
    """`  Base de données … 0,4 s`, one line per step."""

    def __init__(self, label: str) -> None:
        self.started = time.monotonic()
        print(f"  {label} …", end=" ", flush=True)

    def done(self) -> None:
        print(f"{time.monotonic() - self.started:.1f} s".replace(".", ","), flush=True)


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"academie.localhost:{port}"})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
