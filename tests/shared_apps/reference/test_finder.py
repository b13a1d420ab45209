"""The common page: from a town, a postal code or a school to the commune's own page of sign-in."""

import pytest
from django.test import Client

from shared_apps.reference.views import COOKIE
from tests.shared_apps.conftest import few_communes, reference  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db
HOST = "academie.localhost"


@pytest.fixture
def visitor(reference, narbonne):  # noqa: F811
    return Client(headers={"host": HOST})


def found(visitor, text: str) -> str:
    return visitor.get("/trouver/", {"q": text}).content.decode()


@pytest.mark.parametrize(
    "text", ["Narbonne", "narbonne", "NARBONE", "narbon", "11100", "Lakanal", "lakanal narbonne", "école Lakanal"]
)
def test_a_town_a_postal_code_or_a_school_leads_there_whatever_the_spelling(visitor, text):
    assert 'href="/trouver/11262/"' in found(visitor, text)


def test_accents_do_not_matter(visitor):
    assert 'href="/trouver/11203/"' in found(visitor, "lezignan corbieres")


def test_a_commune_that_has_not_joined_is_named_without_a_door(visitor):
    page = found(visitor, "Coursan")
    assert "pas encore d’espace" in page and 'href="/trouver/11106/"' not in page
    assert visitor.get("/trouver/11106/").status_code == 404


@pytest.mark.parametrize("text", ["", "x", "zzzzqqqq", "sophie.ferrer", "sophie@exemple.fr", "%", "'"])
def test_nothing_is_found_by_what_is_not_a_place(visitor, text):
    assert "/trouver/1" not in found(visitor, text)


def test_the_door_leads_to_the_communes_own_host_and_is_remembered_here(visitor):
    answer = visitor.get("/trouver/11262/")
    assert answer.url == "https://narbonne.localhost/connexion/"
    cookie = answer.cookies[COOKIE]
    assert cookie.value == "11262" and cookie["secure"] and cookie["httponly"] and not cookie["domain"]
    assert "Aller à Narbonne" in visitor.get("/trouver/").content.decode()
    visitor.post("/trouver/oublier/")
    assert "Aller à Narbonne" not in visitor.get("/trouver/").content.decode()


@pytest.mark.parametrize("insee", ["99999", "ailleurs.example", "faux"])
def test_it_leads_nowhere_else(visitor, insee):
    assert visitor.get(f"/trouver/{insee}/").status_code == 404
    visitor.cookies[COOKIE] = insee
    assert "La dernière fois" not in visitor.get("/trouver/").content.decode()


def test_a_closed_commune_is_not_offered(visitor, narbonne):
    narbonne.state = narbonne.State.SUSPENDED
    narbonne.save()
    assert "/trouver/11262/" not in found(visitor, "Narbonne")


def test_sign_in_pages_lead_to_it(visitor):
    for host in (HOST, "narbonne.localhost"):
        page = Client(headers={"host": host}).get("/connexion/").content.decode()
        assert 'href="https://academie.localhost/trouver/"' in page


def test_a_search_costs_the_same_whatever_it_finds(visitor, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        found(visitor, "ecole")
