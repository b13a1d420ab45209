from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from shared_apps.accounts.sessions import SECOND_FACTOR_KEY
from shared_apps.api import services
from tests.support.sign_in import sign_in
from tests.tenant_apps.people.factories import Town, town

HOST = "narbonne.localhost"


@pytest.fixture
def made(in_narbonne: Any) -> Town:
    return town()


@pytest.fixture
def api(made: Town) -> Callable[[str], Client]:
    """`api("Claire")`: her session, with its second factor."""

    def make(name: str) -> Client:
        client = Client(headers={"host": HOST})
        sign_in(client, HOST, made.user(name), **{SECOND_FACTOR_KEY: True})
        return client

    return make


@pytest.fixture
def program(made: Town) -> Callable[..., Client]:
    """`program("Claire")`: a program that holds a key of hers, on any host."""

    def make(name: str, host: str = HOST) -> Client:
        _token, key = services.make_token(actor=made.user(name), name="essai", days=7)
        return Client(headers={"host": host, "authorization": f"Bearer {key}"})

    return make
