"""The academy's API: communes and schools of one's perimeter, behind the second factor."""

from datetime import date

import pytest

from shared_apps.reference import loading, refreshing
from shared_apps.reference.models import CalendarDay
from shared_apps.support.models import AccessRequest
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


# --- reference data, assistance


def told(browser, path: str) -> list[dict]:
    return browser.get(f"/api/v1/{path}").json()["results"]


def test_the_calendar_is_read_by_all_staff_and_filtered(reference, academy):  # noqa: F811
    loading.apply(loading.compare(loading.KINDS["calendar"]))
    browser = academy(factories.staff(role=factories.Role.TRAINER))
    found = told(browser, "calendar/?kind=bridge_day&school_year=2026-2027")
    assert [(row["label"], row["zone"]) for row in found] == [("Pont de l’Ascension", "C")]
    CalendarDay.objects.update(removed_on=date(2026, 9, 1))
    assert told(browser, "calendar/") == []


def test_an_official_file_is_told_line_by_line_to_who_manages_it(reference, academy):  # noqa: F811
    officer = factories.staff()
    content = (loading.SHIPPED / "calendrier-zone-c.csv").read_bytes()
    refreshing.propose(actor=officer, kind="calendar", file_name="calendrier.csv", content=content)
    [load] = told(academy(officer), "reference-loads/?state=waiting")
    assert load["lines"][0]["what"] == "opened"
    assert "content" not in load
    assert academy(factories.staff("Jo", "Da", role="trainer")).get("/api/v1/reference-loads/").status_code == 403


def test_an_agent_reads_the_accesses_that_they_asked_for(reference, narbonne, academy):  # noqa: F811
    agents = [factories.staff(name, "Agent", role="support") for name in ("Lea", "Paul")]
    for agent in agents:
        facts = {"scope": "town", "reason": "other", "minutes": 30}
        AccessRequest.objects.create(agent=agent, commune=narbonne, **facts)
    [row] = told(academy(agents[0]), "support-accesses/?commune=11262")
    assert (row["scope"], row["state"]) == ("town", "asked")
    assert len(told(academy(factories.staff("Ana", "Ad", role="administrator")), "support-accesses/")) == 2
