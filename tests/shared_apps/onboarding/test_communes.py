"""The list of communes: search, filters, figures, and as many queries for one as for many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.shared_apps.onboarding import factories
from tests.shared_apps.onboarding.factories import COURSAN, LEZIGNAN, NARBONNE
from tests.shared_apps.onboarding.pages import text, url

pytestmark = pytest.mark.django_db


def listed(browser, **asked: str) -> str:
    response = browser.get(url("communes"), asked)
    assert response.status_code == 200
    return text(response)


def test_the_list_shows_the_communes_that_have_a_public_school(browser):
    shown = listed(browser)
    assert "3 communes qui ont une école publique" in shown
    assert "Airoux" not in shown


def test_a_search_looks_everywhere_without_accents(browser):
    assert "Airoux" in listed(browser, q="airoux")
    assert "Lézignan-Corbières" in listed(browser, q="LEZIGNAN")
    assert "Aucune commune ne ressemble à « zzzqqq »" in listed(browser, q="zzzqqq")


def test_what_is_searched_is_escaped(browser):
    assert "<script>" not in listed(browser, q="<script>alert(1)</script>").split("<main")[1]


def test_filters_by_department_state_and_convention(browser, officer):
    factories.signed_by_both(officer, NARBONNE)
    factories.contacted(officer, COURSAN)
    table = listed(browser, adhesion="oui").split("<tbody>")[1]
    assert "Narbonne" in table
    assert "Coursan" not in table
    table = listed(browser, adhesion="non").split("<tbody>")[1]
    assert "Narbonne" not in table
    assert "Lézignan-Corbières" in table
    assert "Coursan" in listed(browser, etat="contacted").split("<tbody>")[1]
    assert "Lézignan-Corbières" in listed(browser, etat="aucun").split("<tbody>")[1]
    assert "Aucune commune ne répond" in listed(browser, departement="66")


@pytest.mark.parametrize(
    "asked", [{"departement": "x"}, {"etat": "x"}, {"page": "x"}, {"page": "999"}, {"adhesion": "x"}]
)
def test_a_strange_filter_is_ignored(browser, asked):
    assert "Narbonne" in listed(browser, **asked)


def test_the_number_of_queries_does_not_grow_with_the_communes(browser, officer):
    factories.contacted(officer, NARBONNE)
    browser.get(url("communes"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get(url("communes"))
    for insee in (COURSAN, LEZIGNAN):
        factories.contacted(officer, insee)
    with CaptureQueriesContext(connection) as many:
        browser.get(url("communes"))
    assert len(many) == len(few) <= 8


def test_the_queries_of_a_case_do_not_grow_with_its_schools(browser, officer):
    factories.drafted(officer, NARBONNE, schools=["0110427E"])
    browser.get(url("commune", NARBONNE))
    with CaptureQueriesContext(connection) as few:
        browser.get(url("commune", NARBONNE))
    factories.drafted(officer, COURSAN)
    with CaptureQueriesContext(connection) as many:
        browser.get(url("commune", COURSAN))
    assert len(many) <= len(few) <= 18
