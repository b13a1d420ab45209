"""The academy's API: communes and schools of one's perimeter, behind the second factor."""

import pytest

from tests.shared_apps.conftest import academy, few_communes, reference  # noqa: F401  (fixtures)
from tests.shared_apps.onboarding import factories

pytestmark = pytest.mark.django_db


def insees(browser, query: str = "") -> set[str]:
    return {row["insee"] for row in browser.get(f"/api/v1/communes/{query}").json()["results"]}


def test_communes_are_those_of_ones_perimeter(reference, academy):  # noqa: F811
    everything = academy(factories.staff(role=factories.Role.TRAINER))
    gard = academy(factories.staff("Dan", "Asen", role=factories.Role.DASEN, scope="34"))
    assert {"11262", "34172"} <= insees(everything)
    assert insees(gard) == {"34172"}
    assert insees(everything, "?department=34") == {"34172"}
    assert gard.get("/api/v1/communes/11262/").status_code == 404


def test_a_commune_says_whether_it_has_joined(reference, academy):  # noqa: F811
    officer = factories.staff()
    factories.drafted(officer)
    told = academy(officer).get("/api/v1/communes/11262/").json()
    assert (told["name"], told["has_joined"]) == ("Narbonne", False)


def test_schools_of_a_commune(reference, academy, django_assert_max_num_queries):  # noqa: F811
    browser = academy(factories.staff())
    found = browser.get("/api/v1/schools/?commune=11262&sector=public").json()["results"]
    assert {row["uai"] for row in found} == set(factories.uais("11262"))
    with django_assert_max_num_queries(8):
        browser.get("/api/v1/schools/?limit=500")


def test_without_a_second_factor_nothing_is_told(reference, browser_of):  # noqa: F811
    browser = browser_of(factories.HOST, factories.staff())
    assert browser.get("/api/v1/communes/").status_code == 403
