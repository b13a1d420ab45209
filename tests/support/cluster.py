"""One embedded cluster per worker of the run, with a template database of two communes that tests copy."""

import os
import tempfile
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connection, transaction

from tests.infra.launchers import embedded
from tests.support import seed

FOLDER_VARIABLE = "ENT_TEST_CLUSTER"
TEMPLATE = "ent"  # the database that the embedded server makes

NARBONNE = {"insee": "11262", "name": "Narbonne", "slug": "narbonne", "department_code": "11"}
LEZIGNAN = {
    "insee": "11203",
    "name": "Lézignan-Corbières",
    "slug": "lezignan-corbieres",
    "department_code": "11",
}


def start(worker: str) -> dict[str, Any]:
    """The worker's cluster with its template database. Roles belong to a cluster: shared, workers would collide."""
    seed.plant(folder(), _data(worker), "--unsafe-fast")
    cluster = embedded("postgres", _data(worker), "--detach", "--unsafe-fast")
    use_database(cluster, TEMPLATE)
    fill_template()
    connection.close()
    return cluster


def remove(worker: str) -> None:
    embedded("remove", _data(worker))


def folder() -> Path:
    """Made by the first process of the run (the controller, under xdist) and passed on by the environment."""
    if FOLDER_VARIABLE not in os.environ:
        os.environ[FOLDER_VARIABLE] = tempfile.mkdtemp(prefix="ent-tests-")
    return Path(os.environ[FOLDER_VARIABLE])


def _data(worker: str) -> Path:
    return folder() / worker


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
    session = psycopg2.connect(cluster["superuser_url"])
    try:
        session.autocommit = True
        session.cursor().execute(statement)
    finally:
        session.close()


def fill_template() -> None:
    """What the seed lacks of this code's set-up (nothing), then two communes by replaying the template script."""
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
