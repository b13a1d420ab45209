"""Roles belong to the whole cluster, not to a database: each test here gives back those it made."""

import pytest
from django.db import connection

from provisioning.sessions import owner
from tests.support.cluster import LEZIGNAN, NARBONNE

KEPT = [f"c_{facts['insee']}" for facts in (NARBONNE, LEZIGNAN)]


@pytest.fixture
def as_owner(provisioning_database):
    with owner():
        yield


@pytest.fixture
def provisioning_database(own_database):
    yield own_database
    connection.close()
    with owner(), connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'c\\_%%' AND rolname <> ALL(%s)", [KEPT])
        for (role,) in cursor.fetchall():
            cursor.execute(f'DROP SCHEMA IF EXISTS "{role}" CASCADE; DROP ROLE "{role}"')
