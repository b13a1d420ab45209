"""The access matrix, asked for real: every route, every profile, and across communes."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from core.gallery import SPECIMENS, THEMES
from tests.isolation import academy_world, commune_world, matrix
from tests.isolation.conftest import check
from tests.isolation.matrix import Row
from tests.isolation.place import Place
from tests.isolation.routes import routes
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
    assert not found - written, f"routes without a row in matrix.py: {sorted(found - written)}"
    assert not written - found, f"rows whose route is gone: {sorted(written - found)}"


@pytest.mark.parametrize("table", [matrix.COMMUNE, matrix.ACADEMY])
def test_a_question_has_one_answer(table):
    """Two rows for the same request could say two things."""
    asked = Counter((row.route, row.method, row.args) for row in matrix.rows(table))
    assert not [question for question, times in asked.items() if times > 1]


@pytest.mark.parametrize("urlconf", [settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF])
def test_everybody_signs_in_but_on_the_listed_pages(urlconf):
    table = matrix.rows(SIDES[urlconf])
    api = {row.route for row in table if matrix.answers_by_itself(row)}
    assert {route.name for route in routes(urlconf) if route.is_public} - api <= matrix.PUBLIC_PAGES


@pytest.mark.parametrize("near", matrix.NEIGHBOURS)
def test_every_route_is_asked_about_the_neighbours_too(near):
    """Own class and the other class, own child and the other children: a relation without a row fails."""
    asked = {(row.route, row.method, row.args) for row in matrix.rows(matrix.COMMUNE)}
    missing = [
        f"{row.method} {row.route}({', '.join(other)})"
        for row in matrix.rows(matrix.COMMUNE)
        if near in row.args and not row.is_a_wrong_method()
        for neighbour in matrix.NEIGHBOURS[near]
        if (row.route, row.method, other := tuple(neighbour if arg == near else arg for arg in row.args)) not in asked
    ]
    assert not missing, "rows to write in matrix.py:\n" + "\n".join(missing)


def test_every_public_page_is_somewhere():
    found = {route.name for urlconf in SIDES for route in routes(urlconf)}
    assert found >= matrix.PUBLIC_PAGES


def ask(row: Row, place: Place, profile: str, *, objects: dict[str, Any], host: str = "") -> int:
    return answer_of(row, place, profile, objects=objects, host=host).status_code


def answer_of(row: Row, place: Place, profile: str, *, objects: dict[str, Any], host: str = "") -> Any:
    """To one request, undone afterwards. 500 when the page fails."""
    client = Client(headers={"host": host or place.host})
    client.raise_request_exception = False
    user = place.people[profile]
    with transaction.atomic():
        if user is not None:
            sign_in(client, place.host, user, **place.session.get(profile, {}))
        path = reverse(row.route, args=[objects[name] for name in row.args], urlconf=urlconf_of(host or place.host))
        answer = send(client, row.method, path)
        transaction.set_rollback(True)
    cache.clear()
    return answer


def send(client: Client, method: str, path: str) -> Any:
    """A form posted holds something: an empty one is taken for a first visit."""
    if path.startswith("/api/"):
        return client.generic(method, path, "{}" if method != "GET" else "", "application/json")
    return client.post(path, {"essai": "1"}) if method == "POST" else client.get(path)


def urlconf_of(host: str) -> str:
    return settings.PUBLIC_SCHEMA_URLCONF if host == settings.ENT_ACADEMY_HOST else settings.ROOT_URLCONF


def differences(rows: list[Row], place: Place) -> list[str]:
    found = []
    for row in rows:
        check(row.method == "GET")
        for profile, expected in row.distinct().items():
            status = ask(row, place, profile, objects=place.objects)
            if status != expected:
                found.append(f"{row} as {profile}: {status}, not {expected}")
    return found


@pytest.fixture
def narbonne_world(narbonne) -> Place:
    return commune_world.commune(NARBONNE, narbonne.schema_name)


@pytest.fixture
def lezignan_world(lezignan) -> Place:
    return commune_world.commune(LEZIGNAN, lezignan.schema_name)


@pytest.mark.parametrize("app", matrix.apps(matrix.COMMUNE))
def test_every_route_of_a_commune_answers_as_the_matrix_says(narbonne_world, app):
    found = differences(matrix.rows(matrix.COMMUNE, app), narbonne_world)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("app", matrix.apps(matrix.ACADEMY))
def test_every_route_of_the_academy_answers_as_the_matrix_says(reference, app):
    found = differences(matrix.rows(matrix.ACADEMY, app), academy_world.academie())
    assert not found, "\n".join(found)


# --- across communes


def test_an_object_of_one_commune_is_not_found_on_the_host_of_another(narbonne_world, lezignan_world):
    """Whatever one may do at home: never 403, which would tell that the object exists."""
    found = []
    for row in (row for row in matrix.rows(matrix.COMMUNE) if set(row.args) - matrix.WORDS):
        for profile in ["visitor", *row.seen_by()]:
            status = ask(row, lezignan_world, profile, objects=narbonne_world.objects)
            if status != (unknown_to_a_visitor(row) if profile == "visitor" else 404):
                found.append(f"{row} of Narbonne, at Lézignan, as {profile}: {status}")
    assert not found, "\n".join(found)


# Where the second factor is given or set up, and the way out.
FACTOR_PAGES = {
    f"accounts:{name}" for name in ("enrol", "verify", "recover", "add_passkey", "verify_passkey", "sign_out")
}


def test_no_page_of_the_academy_opens_before_the_second_factor(reference):
    """An administrator with a password alone: sent to give it, or refused where programs ask; never another answer."""
    academy, found = academy_world.academie(), []
    for row in matrix.rows(matrix.ACADEMY):
        if row.route in matrix.PUBLIC_PAGES | FACTOR_PAGES or row.is_a_wrong_method():
            continue
        answer = answer_of(row, academy, "one_factor", objects=academy.objects)
        is_asked = answer.status_code == 302 and answer.url.startswith("/second-facteur/")
        if not (is_asked or (answer.status_code == 403 and row.route.startswith("api:"))):
            found.append(f"{row}: {answer.status_code} {answer.get('Location', '')}")
    assert not found, "\n".join(found)


def unknown_to_a_visitor(row: Row) -> int:
    """A child's card of elsewhere is told in words, on the page where one shows a card."""
    if row.route in matrix.SECRETS:
        return 404
    return 401 if matrix.answers_by_itself(row) else 302


def test_a_session_of_one_commune_opens_nothing_on_the_host_of_another(narbonne_world, lezignan_world):
    found = []
    for row in matrix.rows(matrix.COMMUNE):
        for profile in row.seen_by()[:1]:
            status = ask(row, narbonne_world, profile, objects=lezignan_world.objects, host=LEZIGNAN)
            if status != row.expected["visitor"]:
                found.append(f"{row} at Lézignan, signed in at Narbonne as {profile}: {status}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("way", ["up", "down"])
def test_a_session_of_a_commune_opens_nothing_at_the_academy_and_conversely(narbonne_world, reference, way):
    academy = academy_world.academie()
    place, profile, other, table = (
        (narbonne_world, "head", academy, matrix.ACADEMY)
        if way == "up"
        else (academy, "administrator", narbonne_world, matrix.COMMUNE)
    )
    found = []
    for row in matrix.rows(table):
        status = ask(row, place, profile, objects=other.objects, host=other.host)
        if status != row.expected["visitor"]:
            found.append(f"{row} at {other.host}, signed in at {place.host} as {profile}: {status}")
    assert not found, "\n".join(found)


# --- hosts where nobody signs in


@pytest.fixture
def front_door(settings: Any) -> Iterator[Client]:
    settings.ENT_DEMO = True
    settings.ENT_SPECIAL_HOSTS = {**settings.ENT_SPECIAL_HOSTS, "localhost": "config.urls.demo"}
    yield Client(headers={"host": "localhost"})


def test_the_front_door_of_the_demo_answers_as_the_matrix_says(db, front_door):
    words = {"schema": "c_11262", "key": "nobody", "specimen": next(iter(SPECIMENS)), "theme": next(iter(THEMES))}
    for row in matrix.rows(matrix.ELSEWHERE):
        path = reverse(row.route, args=[words[name] for name in row.args], urlconf="config.urls.demo")
        assert send(front_door, row.method, path).status_code == row.expected["visitor"], row


def test_the_files_host_answers_as_the_matrix_says(db):
    words = {"schema": "c_11262", "key": "faux"}
    for row in matrix.rows(matrix.FILES):
        path = reverse(row.route, args=[words[name] for name in row.args], urlconf="config.urls.files")
        client = Client(headers={"host": settings.ENT_FILES_HOST})
        assert send(client, row.method, path).status_code == row.expected["visitor"], row


def test_the_demo_has_no_door_where_it_is_not_set(db):
    client = Client(headers={"host": "localhost"})
    assert client.get("/").status_code == 404
    for urlconf in (settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF):
        assert [route.name for route in routes(urlconf) if "demo" in route.name] == []
    assert connection.schema_name == "public"
