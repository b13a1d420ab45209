"""The convention on paper: its words, its annexes, its signatures."""

import json

import pytest

from shared_apps.onboarding import documents
from tests.shared_apps.onboarding import factories
from tests.shared_apps.onboarding.factories import NARBONNE
from tests.shared_apps.onboarding.pages import url
from tests.support.pdfs import pages

pytestmark = pytest.mark.django_db


def test_the_pdf_is_served_with_its_number_as_a_name(browser, officer):
    case = factories.signed_by_both(officer)
    response = browser.get(url("convention_pdf", NARBONNE))
    assert response["Content-Type"] == "application/pdf"
    assert f"convention-{case.convention.number}-11262.pdf" in response["Content-Disposition"]
    assert response.content.startswith(b"%PDF-")
    assert pages(response.content) >= 3


def test_there_is_no_pdf_before_the_draft(browser, officer):
    factories.contacted(officer)
    assert browser.get(url("convention_pdf", NARBONNE)).status_code == 404


def test_it_lists_every_school_with_its_number_and_its_pupils(officer):
    case = factories.drafted(officer)
    data = documents.document(case.convention)
    assert {school["uai"] for school in data["schools"]} == set(factories.uais(NARBONNE))
    assert data["pupils_total"] == "3\u202f953"
    assert data["schools_in_words"] == "30 écoles"
    assert data["is_signed"] is False


def test_it_bears_both_signatures_and_the_deliberation(officer):
    data = documents.document(factories.signed_by_both(officer).convention)
    assert [side["name"] for side in data["sides"]] == ["Hélène Castan", "Anne Roussel"]
    assert data["deliberation"]["number"] == "2026-118"
    assert data["is_signed"] is True


def test_an_unknown_number_of_pupils_is_said_and_not_counted(officer):
    case = factories.drafted(officer, schools=["0110427E", "0110426D"])
    case.convention.annexed_schools.filter(school_id="0110426D").update(pupils=None)
    data = documents.document(factories.convention(case))
    assert data["pupils_total"] == "118"
    assert data["has_unknown_pupils"] is True
    assert documents.convention_pdf(factories.convention(case)).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Narbonne", "de Narbonne"),
        ("Alès", "d’Alès"),
        ("Le Vigan", "du Vigan"),
        ("Les Angles", "des Angles"),
        ("La Grand-Combe", "de La Grand-Combe"),
    ],
)
def test_the_name_of_a_commune_follows_its_preposition(name, words):
    assert documents._of(name) == words


def test_a_name_is_never_read_as_markup(officer):
    case = factories.signed_by_both(officer)
    signature = case.convention.commune_signature
    signature.signer_name = '#panic("x") $ * _ `'
    signature.save()
    data = documents.document(factories.convention(case))
    assert data["sides"][0]["name"] == '#panic("x") $ * _ `'
    assert json.dumps(data)
    assert documents.convention_pdf(factories.convention(case)).startswith(b"%PDF-")
