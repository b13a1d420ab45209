from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from shared_apps.accounts.sessions import SECOND_FACTOR_KEY
from shared_apps.reference import loading
from tests.shared_apps.onboarding import factories
from tests.support.sign_in import sign_in

# Those of our schools file, one without school, one of another département: a test need not load 1,502.
COMMUNES = ("code_insee", "11262", "11203", "11106", "11002", "34172")


@pytest.fixture(scope="session")
def few_communes(tmp_path_factory):
    lines = (loading.SHIPPED / "communes.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    path = tmp_path_factory.mktemp("reference") / "communes.csv"
    path.write_text("".join(line for line in lines if line.split(",")[0] in COMMUNES), encoding="utf-8")
    return path


@pytest.fixture
def reference(db, few_communes):
    loading.apply(loading.compare(loading.KINDS["communes"], few_communes))
    for kind in ("districts", "schools"):
        loading.apply(loading.compare(loading.KINDS[kind]))


@pytest.fixture
def officer(reference):
    return factories.staff()


@pytest.fixture
def academy() -> Callable[[Any], Client]:
    """`academy(user)`: a browser on the academy's host, both factors given."""

    def make(user: Any) -> Client:
        client = Client(headers={"host": factories.HOST})
        sign_in(client, factories.HOST, user, **{SECOND_FACTOR_KEY: True})
        return client

    return make


@pytest.fixture
def browser(officer, academy):
    return academy(officer)
