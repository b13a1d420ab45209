"""How many messages a request costs: counted on the wire."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from shared_apps.accounts.models import User
from tenants.hosts import hosts
from tests.support.wire import messages_to


@login_not_required
def one_query(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(User.objects.count()))


urlpatterns = [path("un/", one_query)]

DEADLINE = 10  # seconds


@pytest.fixture
def wire(own_database, settings):
    """A process that serves a page of one query, on the ground it has in production: sessions kept and checked."""
    settings.ROOT_URLCONF = __name__
    hosts.listener.stop()
    with messages_to(own_database) as messages:
        hosts.clear()
        assert hosts.listener.wait(DEADLINE)
        yield messages
        hosts.listener.stop()


def ask(host: str) -> int:
    """One request, with what Django does around it (the test client takes it away)."""
    client = Client(headers={"host": host})
    connection.close_if_unusable_or_obsolete()
    try:
        return client.get("/un/").status_code
    finally:
        connection.close_if_unusable_or_obsolete()


def test_a_page_of_one_query_costs_one_message(wire):
    assert ask("narbonne.localhost") == 200
    wire.clear()
    assert ask("narbonne.localhost") == 200
    assert len(wire) == 1, wire
    assert wire[0].startswith('SET LOCAL ROLE "c_11262";SET LOCAL search_path="c_11262",extensions;SELECT COUNT')


def test_a_commune_costs_its_host_once(wire):
    assert ask("narbonne.localhost") == 200
    assert ask("lezignan-corbieres.localhost") == 200
    wire.clear()
    assert ask("narbonne.localhost") == ask("lezignan-corbieres.localhost") == 200
    assert [("c_11262" in query, "c_11203" in query) for query in wire] == [(True, False), (False, True)]


def test_an_unknown_host_is_looked_up_once(wire):
    assert ask("nullepart.localhost") == 404
    assert "tenants_domain" in wire[-1]
    wire.clear()
    assert ask("nullepart.localhost") == 404
    assert wire == []


def test_a_name_that_is_no_host_of_ours_never_reaches_the_database(wire):
    wire.clear()
    for host in ("narbonne.example.org", "a" * 300 + ".localhost", "[::1]", "narbonne.localhost@evil.test"):
        assert ask(host) == 404
    assert wire == []
