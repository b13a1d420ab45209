"""Fixtures that every room uses. No test reaches the network; time and mail are the suite's own."""

import shutil
from collections.abc import Callable, Iterator
from gettext import GNUTranslations
from typing import Any

import pytest
from _pytest.nodeid import coerce_node_id
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from core.frozen import Frozen
from core.stencil import Stencil
from core.tenancy import in_public, in_schema
from tests.support import cluster

SHARED, OWN = "ent_shared", "ent_own"  # databases: of most tests, and of the one that asks for its own
LISTENS = 10  # seconds at most, for a thread to hear the database


def pytest_configure(config: pytest.Config) -> None:
    Frozen.is_checked = Stencil.is_checked = True
    cluster.folder()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one `xdist_group` on one worker: pytest-xdist 3.8 writes the group where pytest 9.2 no longer reads it,
    and each worker would set up the site of each journey. Without effect once one of them has learnt.
    """
    for item in items:
        if grouped := item.__dict__.get("_nodeid"):
            item._id = coerce_node_id(grouped)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        cluster.remove("seed")
        shutil.rmtree(cluster.folder(), ignore_errors=True)


@pytest.fixture(scope="session")
def running_cluster(worker_id: str, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    try:
        with django_db_blocker.unblock():
            yield cluster.start(worker_id)
    finally:
        connection.close()
        cluster.remove(worker_id)


@pytest.fixture(scope="session")
def django_db_setup(running_cluster: dict[str, Any], django_db_blocker: Any) -> None:
    """Instead of migrating each schema anew: a copy of the worker's template database."""
    with django_db_blocker.unblock():
        cluster.copy_database(running_cluster, cluster.TEMPLATE, SHARED)
        cluster.use_database(running_cluster, SHARED)


@pytest.fixture
def own_database(
    running_cluster: dict[str, Any], django_db_setup: None, django_db_blocker: Any
) -> Iterator[dict[str, Any]]:
    """A database of its own, with the two communes, for tests that commit, lay schemas or kill processes."""
    with django_db_blocker.unblock():
        cluster.copy_database(running_cluster, cluster.TEMPLATE, OWN)
        cluster.use_database(running_cluster, OWN)
        try:
            yield running_cluster | {"name": OWN}
        finally:
            connection.close()
            cluster.use_database(running_cluster, SHARED)
            cluster.drop_database(running_cluster, OWN)


@pytest.fixture(autouse=True, scope="session")
def _ordinary_spaces() -> None:
    """Tests read sentences as they are typed. What typography makes of them: tests/infra/test_catalogue.py."""
    from django.utils.translation import trans_real

    with (settings.LOCALE_PATHS[0] / "fr/LC_MESSAGES/django.mo").open("rb") as file:
        ours: Any = GNUTranslations(file)
    said = trans_real.translation("fr")._catalog
    for key, text in ours._catalog.items():
        if key:
            said[key] = text.replace("\u202f", " ").replace("\u00a0", " ") if isinstance(key, tuple) else key


@pytest.fixture(autouse=True)
def _clean_process() -> Iterator[None]:
    """What a process keeps between requests must not leak from a test to the next."""
    from tenants.hosts import hosts
    from tenants.published import forget_all

    hosts.clear()
    forget_all()
    cache.clear()
    yield
    connection.set_schema_to_public()


@pytest.fixture
def narbonne(db: None) -> Any:
    from tenants.models import Commune

    with in_public():
        return Commune.objects.get(insee=cluster.NARBONNE["insee"])


@pytest.fixture
def lezignan(db: None) -> Any:
    from tenants.models import Commune

    with in_public():
        return Commune.objects.get(insee=cluster.LEZIGNAN["insee"])


@pytest.fixture
def in_narbonne(narbonne: Any) -> Iterator[Any]:
    """Work in Narbonne's schema during the test; requests choose by their host all the same."""
    with in_schema(narbonne.schema_name):
        yield narbonne


@pytest.fixture
def browser_of() -> Callable[..., Client]:
    """`browser_of("narbonne.localhost", user=…)`: a client on a host, signed in if a user of that schema is given."""

    def make(host: str, user: Any = None) -> Client:
        from tenants.hosts import hosts

        assert hosts.listener.wait(LISTENS)  # while nobody listens, each request asks the host again
        client = Client(headers={"host": host})
        if user is not None:
            from tests.support.sign_in import sign_in

            sign_in(client, host, user)
        return client

    return make
