"""« Mes enfants dans d’autres communes »: what the browser gets, and from whom."""

import re

import time_machine
from django.test import Client
from django.utils import timezone

from core.tenancy import in_schema
from tenant_apps.links.models import AccountLink
from tests.tenant_apps.liaison import factories
from tests.tenant_apps.links.conftest import BASE, HERE, LEZIGNAN, NARBONNE, THERE

SOURCE = "/communes-liees/enfants/"


def home(device):
    return device.get(f"{BASE[NARBONNE]}/")


def letter_of(page):
    return re.search(r'data-letter="([^"]+)"', page.content.decode())[1]


def ask(letter):
    """As the page's script does: no cookie."""
    return Client(headers={"host": LEZIGNAN, "origin": BASE[NARBONNE]}).post(SOURCE, {"lettre": letter})


def test_the_page_of_one_commune_holds_a_letter_for_the_other_and_nothing_of_its_children(linked):
    page = home(linked)
    text = page.content.decode()
    assert f'data-source="{BASE[LEZIGNAN]}{SOURCE}"' in text
    assert f"{BASE[LEZIGNAN]}/passage/?depuis={HERE}" in text
    assert BASE[LEZIGNAN] in page.headers["Content-Security-Policy"].partition("connect-src")[2].partition(";")[0]


def test_a_page_without_link_lets_nothing_out(family, device):
    policy = home(device).headers["Content-Security-Policy"]
    assert LEZIGNAN not in policy


def test_the_other_commune_answers_with_the_little_that_the_list_shows(family, linked):
    with in_schema(THERE):
        factories.consent(family.rooms[THERE])
    answer = ask(letter_of(home(linked)))
    assert answer.json() == {
        "children": [
            {
                "name": "Inès",
                "detail": "CE2 · École Lakanal 0110357D",
                "cover": 1,
                "to_do": "1 chose à faire",
            }
        ]
    }
    assert answer.headers["Access-Control-Allow-Origin"] == BASE[NARBONNE]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_letter_of_the_list_serves_once_and_two_minutes(linked):
    letter = letter_of(home(linked))
    assert ask(letter).status_code == 200
    assert ask(letter).status_code == 410
    with time_machine.travel(timezone.now(), tick=False) as clock:
        letter = letter_of(home(linked))
        clock.shift(121)
        assert ask(letter).status_code == 410


def test_a_link_revoked_there_lists_nobody(linked):
    letter = letter_of(home(linked))
    with in_schema(THERE):
        AccountLink.objects.update(revoked_at=timezone.now())
    answer = ask(letter)
    assert answer.status_code == 410
    assert answer.json() == {"children": []}


def test_a_letter_that_cannot_be_read_is_answered_to_nobody(linked):
    answer = ask(letter_of(home(linked)) + "x")
    assert answer.status_code == 410
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_letter_of_the_list_opens_no_session(linked):
    letter = letter_of(home(linked))
    assert linked.get(f"{BASE[LEZIGNAN]}/passage/arrivee/?lettre={letter}").status_code == 410
    assert not ask(letter).cookies


def test_the_list_costs_the_home_the_same_whatever_the_links(linked, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    home(linked)
    with CaptureQueriesContext(
        connection,
    ) as with_link:
        home(linked)
    with in_schema(HERE):
        AccountLink.objects.update(revoked_at=timezone.now())
    with CaptureQueriesContext(connection) as without:
        home(linked)
    assert len(with_link) - len(without) <= 2
