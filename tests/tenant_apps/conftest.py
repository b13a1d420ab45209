"""A class of Narbonne, and those who open its pages."""

import pytest

from tests.tenant_apps.liaison import factories

HOST = "narbonne.localhost"


@pytest.fixture
def room(in_narbonne):
    return factories.classroom()


@pytest.fixture
def teacher(room, browser_of):
    return browser_of(HOST, room.teacher)


@pytest.fixture
def head(room, browser_of):
    return browser_of(HOST, room.head)


@pytest.fixture
def sophie(room, browser_of):
    return browser_of(HOST, room.guardians["Sophie"])


@pytest.fixture
def karim(room, browser_of):
    return browser_of(HOST, room.guardians["Karim"])
