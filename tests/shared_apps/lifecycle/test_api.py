"""The life of conventions for programs: dates, deadlines and digests, and nobody’s name."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shared_apps.lifecycle.models import Ending
from tests.shared_apps.onboarding import factories

PATH = "/api/v1/endings/"


@pytest.fixture
def archived(case) -> Ending:
    today = timezone.localdate()
    ending = Ending.objects.create(
        case=case, is_termination=True, schema_name="c_11262", state="archived", reason="fusion avec Moussan",
        ended_on=today, readable_until=today, erase_by=today + timedelta(days=40),
    )  # fmt: skip
    town = ending.packages.create(kind="town", label="Ville", state="ready", sha256="a" * 64)
    for to in ("mayor", "school_service"):
        town.handovers.create(to=to, email=f"{to}@narbonne.test")
    town.handovers.filter(to="mayor").update(received_at=timezone.now(), received_by="Claude Vidal")
    return ending


def test_dates_and_digests_are_told_and_no_name(archived, academy, officer):
    answer = academy(officer).get(PATH)
    [told] = answer.json()["results"]
    assert (told["commune"], told["state"]) == ("11262", "archived")
    assert told["erase_by"] == archived.erase_by.isoformat()
    [package] = told["packages"]
    assert package["sha256"] == "a" * 64
    assert package["received_at"]
    for hidden in ("Vidal", "narbonne.test", "Moussan"):
        assert hidden not in answer.content.decode()


def test_one_asks_by_state_and_sees_one_s_own_perimeter(archived, academy, officer):
    browser = academy(officer)
    assert browser.get(f"{PATH}?state=erased").json()["results"] == []
    assert len(browser.get(f"{PATH}?department=11").json()["results"]) == 1
    other = academy(factories.staff("Dan", "Asen", role="dasen", scope="34"))
    assert other.get(PATH).json()["results"] == []
    assert other.get(f"{PATH}{archived.pk}/").status_code == 404


def test_the_queries_of_the_list_do_not_grow_with_packages(archived, academy, officer, django_assert_max_num_queries):
    browser = academy(officer)
    browser.get(PATH)
    for uai in ("0110427E", "0110429G"):
        archived.packages.create(kind="school", uai=uai, label=uai).handovers.create(to="head")
    with django_assert_max_num_queries(9):
        browser.get(PATH)


def test_a_convention_tells_its_terms(with_terms, academy, officer):
    case = with_terms("express", 80)
    told = academy(officer).get(f"/api/v1/conventions/{case.convention.number}/").json()
    assert (told["ends_on"], told["term_months"], told["renewal"]) == (
        case.convention.ends_on.isoformat(),
        12,
        "express",
    )
