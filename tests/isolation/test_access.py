"""The access matrix, asked for real: every route, every profile, and across communes."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from tests.isolation import matrix, world
from tests.isolation.matrix import Row
from tests.isolation.routes import routes
from tests.isolation.world import Place
from tests.support.sign_in import sign_in

NARBONNE, LEZIGNAN = "narbonne.localhost", "lezignan-corbieres.localhost"
SIDES = {
    settings.ROOT_URLCONF: matrix.COMMUNE,
    settings.PUBLIC_SCHEMA_URLCONF: matrix.ACADEMY,
    "config.urls.demo": matrix.ELSEWHERE,
    "config.urls.files": matrix.FILES,
}


@pytest.mark.parametrize("urlconf", SIDES)
def test_every_route_has_a_row_and_every_row_a_route(urlconf):
    written = {row.route for row in matrix.rows(SIDES[urlconf])}
    found = {route.name for route in routes(urlconf)}
    assert found - written == set(), "routes without a row in tests/isolation/matrix.py"
    assert written - found == set(), "rows whose route is gone"


@pytest.mark.parametrize("urlconf", [settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF])
def test_everybody_signs_in_but_on_the_listed_pages(urlconf):
    assert {route.name for route in routes(urlconf) if route.is_public} <= matrix.PUBLIC_PAGES


def test_every_public_page_is_somewhere():
    found = {route.name for urlconf in SIDES for route in routes(urlconf)}
    assert found >= matrix.PUBLIC_PAGES


def ask(row: Row, place: Place, profile: str, *, objects: dict[str, Any], host: str = "") -> int:
    """One request, undone afterwards. 500 when the page fails."""
    client = Client(headers={"host": host or place.host})
    client.raise_request_exception = False
    user = place.people[profile]
    with transaction.atomic():
        if user is not None:
            sign_in(client, place.host, user, **place.session.get(profile, {}))
        path = reverse(row.route, args=[objects[name] for name in row.args], urlconf=urlconf_of(place))
        status = client.generic(row.method, path).status_code
        transaction.set_rollback(True)
    cache.clear()
    return status


def urlconf_of(place: Place) -> str:
    return settings.PUBLIC_SCHEMA_URLCONF if place.host == settings.ENT_ACADEMY_HOST else settings.ROOT_URLCONF


def differences(rows: list[Row], place: Place) -> list[str]:
    found = []
    for row in rows:
        for profile, expected in row.expected.items():
            status = ask(row, place, profile, objects=place.objects)
            if status != expected:
                found.append(f"{row} as {profile}: {status}, not {expected}")
    return found


@pytest.fixture
def narbonne_world(narbonne) -> Place:
    return world.commune(NARBONNE, narbonne.schema_name)


@pytest.fixture
def lezignan_world(lezignan) -> Place:
    return world.commune(LEZIGNAN, lezignan.schema_name)


def test_every_route_of_a_commune_answers_as_the_matrix_says(narbonne_world):
    assert differences(matrix.rows(matrix.COMMUNE), narbonne_world) == []


def test_every_route_of_the_academy_answers_as_the_matrix_says(reference):
    assert differences(matrix.rows(matrix.ACADEMY), world.academie()) == []


# --- across communes


def test_an_object_of_one_commune_is_not_found_on_the_host_of_another(narbonne_world, lezignan_world):
    """Whoever asks, and whatever they may do at home: never 403, which would tell that the object exists."""
    found = []
    for row in (row for row in matrix.rows(matrix.COMMUNE) if row.args):
        for profile in row.expected:
            status = ask(row, lezignan_world, profile, objects=narbonne_world.objects)
            if status != (302 if profile == "visitor" else 405 if row.expected[profile] == 405 else 404):
                found.append(f"{row} of Narbonne, at Lézignan, as {profile}: {status}")
    assert found == []


def test_a_session_of_one_commune_opens_nothing_on_the_host_of_another(narbonne_world, lezignan_world):
    found = []
    for row in matrix.rows(matrix.COMMUNE):
        for profile in row.expected:
            status = ask(row, narbonne_world, profile, objects=lezignan_world.objects, host=LEZIGNAN)
            if status != row.expected["visitor"]:
                found.append(f"{row} at Lézignan, signed in at Narbonne as {profile}: {status}")
    assert found == []


def test_a_session_of_a_commune_opens_nothing_at_the_academy_and_conversely(narbonne_world, reference):
    academy = world.academie()
    found = []
    for place, other, table in ((narbonne_world, academy, matrix.ACADEMY), (academy, narbonne_world, matrix.COMMUNE)):
        for row in matrix.rows(table):
            path = reverse(row.route, args=[other.objects[n] for n in row.args], urlconf=urlconf_of(other))
            for profile in place.people:
                status = cross(place, profile, other.host, row.method, path)
                if status != row.expected["visitor"]:
                    found.append(f"{row} at {other.host}, signed in at {place.host} as {profile}: {status}")
    assert found == []


def cross(place: Place, profile: str, host: str, method: str, path: str) -> int:
    client = Client(headers={"host": host})
    client.raise_request_exception = False
    with transaction.atomic():
        if place.people[profile] is not None:
            sign_in(client, place.host, place.people[profile], **place.session.get(profile, {}))
        status = client.generic(method, path).status_code
        transaction.set_rollback(True)
    cache.clear()
    return status


# --- hosts where nobody signs in


@pytest.fixture
def front_door(settings: Any) -> Iterator[Client]:
    settings.ENT_DEMO = True
    settings.ENT_SPECIAL_HOSTS = {**settings.ENT_SPECIAL_HOSTS, "localhost": "config.urls.demo"}
    yield Client(headers={"host": "localhost"})


def test_the_front_door_of_the_demo_answers_as_the_matrix_says(db, front_door):
    words = {"schema": "c_11262", "key": "nobody"}
    for row in matrix.rows(matrix.ELSEWHERE):
        path = reverse(row.route, args=[words[name] for name in row.args], urlconf="config.urls.demo")
        assert front_door.generic(row.method, path).status_code == row.expected["visitor"], row


def test_the_demo_has_no_door_where_it_is_not_set(db):
    client = Client(headers={"host": "localhost"})
    assert client.get("/").status_code == 404
    for urlconf in (settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF):
        assert [route.name for route in routes(urlconf) if "demo" in route.name] == []
    assert connection.schema_name == "public"
