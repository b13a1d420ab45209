"""One embedded cluster per run, one template database with two communes, a copy of it per worker."""

import fcntl
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connection, transaction

ROOT = Path(__file__).resolve().parents[2]
FOLDER_VARIABLE = "ENT_TEST_CLUSTER"
TEMPLATE = "ent"

NARBONNE = {"insee": "11262", "name": "Narbonne", "slug": "narbonne", "department_code": "11"}
LEZIGNAN = {
    "insee": "11203",
    "name": "Lézignan-Corbières",
    "slug": "lezignan-corbieres",
    "department_code": "11",
}


def folder() -> Path:
    """Made by the first process of the run (the controller, under xdist) and passed on by the environment."""
    if FOLDER_VARIABLE not in os.environ:
        os.environ[FOLDER_VARIABLE] = tempfile.mkdtemp(prefix="ent-tests-")
    return Path(os.environ[FOLDER_VARIABLE])


@contextmanager
def only_one() -> Iterator[None]:
    with (folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def start() -> dict[str, Any]:
    """The cluster of the run with its template database; the first worker to come makes both."""
    with only_one():
        known = folder() / "cluster.json"
        if known.exists():
            return json.loads(known.read_text())
        cluster = _launch()
        use_database(cluster, TEMPLATE)
        fill_template()
        connection.close()
        known.write_text(json.dumps(cluster))
        return cluster


def _launch() -> dict[str, Any]:
    command = [sys.executable, ROOT / "infra/embedded.py", "postgres", "--data", folder() / "pg"]
    done = subprocess.run(
        [*command, "--detach", "--unsafe-fast"], check=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    return json.loads(done.stdout)


def stop() -> None:
    if (folder() / "cluster.json").exists():
        command = [sys.executable, ROOT / "infra/embedded.py", "stop", "--data", folder() / "pg"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def use_database(cluster: dict[str, Any], name: str) -> None:
    """Point Django, its owner's session included, at one database of the cluster."""
    from config.settings import env
    from tenants.hosts import hosts

    hosts.listener.stop()
    connection.close()
    app = env.database(cluster["app_url"]) | {"dbname": name}
    settings.OWNER_DATABASE.clear()
    settings.OWNER_DATABASE.update(env.database(cluster["owner_url"]) | {"dbname": name})
    connection.settings_dict.update(
        NAME=name, USER=app["user"], PASSWORD=app["password"], HOST=app["host"], PORT=app["port"]
    )


def copy_database(cluster: dict[str, Any], source: str, name: str) -> None:
    _as_superuser(cluster, f'CREATE DATABASE "{name}" TEMPLATE "{source}" OWNER ent_owner')


def drop_database(cluster: dict[str, Any], name: str) -> None:
    _as_superuser(cluster, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _as_superuser(cluster: dict[str, Any], statement: str) -> None:
    with only_one():
        session = psycopg2.connect(cluster["superuser_url"])
        try:
            session.autocommit = True
            session.cursor().execute(statement)
        finally:
            session.close()


def fill_template() -> None:
    """The public schema by its migrations, then two communes by replaying the template script."""
    from provisioning import bootstrap, schemas, template
    from provisioning.sessions import owner

    bootstrap.set_up(spare_count=0)
    for facts in (NARBONNE, LEZIGNAN):
        schema = f"c_{facts['insee']}"
        with owner(), transaction.atomic():
            schemas.create(schema)
            template.lay(schema)
        _register(schema, facts)


def _register(schema: str, facts: dict[str, str]) -> None:
    from tenants.models import Commune, Domain

    commune = Commune.objects.create(
        schema_name=schema,
        insee=facts["insee"],
        name=facts["name"],
        department_code=facts["department_code"],
        state=Commune.State.OPEN,
    )
    Domain.objects.create(domain=f"{facts['slug']}.localhost", tenant=commune)
