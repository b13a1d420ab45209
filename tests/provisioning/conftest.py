"""Roles belong to the whole cluster, not to a database: each test here gives back those it made.

Tests that make roles run one after the other (`xdist_group`), or two workers would want the same names.
"""

import pytest
from django.db import connection

from provisioning.sessions import owner
from tests.support.cluster import LEZIGNAN, NARBONNE

KEPT = [f"c_{facts['insee']}" for facts in (NARBONNE, LEZIGNAN)]
ONE_AT_A_TIME = pytest.mark.xdist_group("roles")


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


def pytest_collection_modifyitems(items):
    for item in items:
        if "provisioning_database" in getattr(item, "fixturenames", ()):
            item.add_marker(ONE_AT_A_TIME)
