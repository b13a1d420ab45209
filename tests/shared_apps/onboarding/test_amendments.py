"""An amendment adds schools, or takes some out; signed by both, the annex changes and the added schools open."""

import pytest

from shared_apps.notifications.models import OutboxEntry
from shared_apps.onboarding import documents, in_force, services
from shared_apps.onboarding.models import Case, Convention
from shared_apps.onboarding.services.conventions import ANNEX_CHANGED
from tests.shared_apps.onboarding import factories
from tests.shared_apps.onboarding.factories import NARBONNE, signature
from tests.shared_apps.onboarding.pages import text, url

pytestmark = pytest.mark.django_db
TWO, THIRD = ["0110427E", "0110429G"], "0110430H"


@pytest.fixture
def case(officer):
    return factories.signed_by_both(officer, schools=TWO)


def amend(browser, case, **fields) -> Convention:
    browser.post(url("amend", case.insee), {"drafted_on": factories.days_ago(10).isoformat(), **fields})
    return Convention.objects.get(kind="amendment")


def sign(browser, amendment, *sides: str) -> None:
    for side in sides:
        facts = signature(signed_on=factories.days_ago(5))
        assert browser.post(url("record_paper", amendment.number, side), facts).status_code == 302


def joined() -> set[str]:
    return {row["school"] for row in in_force.joined_schools()}


def test_schools_it_adds_are_in_the_annex_once_both_have_signed(browser, case):
    amendment = amend(browser, case, added=[THIRD])
    sign(browser, amendment, "commune")
    assert set(factories.fresh(case).schools) == set(TWO)
    assert joined() == set(TWO)
    sign(browser, amendment, "academie")
    assert set(factories.fresh(case).schools) == {*TWO, THIRD}
    assert joined() == {*TWO, THIRD}
    assert set(services.facts_for_opening(NARBONNE).uais) == {*TWO, THIRD}


def test_schools_it_takes_out_leave_the_annex_and_the_figures(browser, case):
    amendment = amend(browser, case, withdrawn=TWO[:1])
    sign(browser, amendment, "commune", "academie")
    assert factories.fresh(case).schools == TWO[1:]
    assert joined() == set(TWO[1:])
    spans = {uai: until for uai, _since, until in in_force.spans_of_schools()}
    assert spans == {TWO[0]: factories.days_ago(5), TWO[1]: None}


def test_an_amendment_does_not_make_a_second_commune(browser, case):
    sign(browser, amend(browser, case, added=[THIRD]), "commune", "academie")
    assert [insee for insee, _since, _until in in_force.spans_of_communes()] == [NARBONNE]


def test_the_schools_open_by_themselves_where_the_commune_has(browser, case):
    Case.objects.update(state=Case.State.OPEN)
    sign(browser, amend(browser, case, added=[THIRD]), "commune", "academie")
    assert OutboxEntry.objects.get(kind=ANNEX_CHANGED).payload == {"insee": NARBONNE}


def test_before_the_opening_nothing_is_planned(browser, case):
    sign(browser, amend(browser, case, added=[THIRD]), "commune", "academie")
    assert not OutboxEntry.objects.filter(kind=ANNEX_CHANGED).exists()


def test_its_pdf_says_what_it_adds_and_takes_out(browser, case):
    amendment = amend(browser, case, added=[THIRD], withdrawn=TWO[:1])
    data = documents.document(amendment)
    assert data["headline"] == f"Avenant n° {amendment.number} à la convention n° {case.convention.number}"
    said = " ".join(words for article in data["articles"] for words in article["paragraphs"])
    assert f"({THIRD})" in said
    assert f"({TWO[0]})" in said
    assert browser.get(url("document", amendment.number)).content.startswith(b"%PDF-")


def test_nothing_to_change_is_refused(browser, case):
    answer = browser.post(url("amend", NARBONNE), {"drafted_on": factories.days_ago(1).isoformat()})
    assert "au moins une école" in text(answer)


def test_an_annex_is_not_emptied(browser, case):
    answer = browser.post(url("amend", NARBONNE), {"withdrawn": TWO, "drafted_on": factories.days_ago(1).isoformat()})
    assert "Il ne resterait aucune école" in text(answer)


def test_one_amendment_at_a_time(browser, case):
    amend(browser, case, added=[THIRD])
    answer = browser.post(url("amend", NARBONNE), {"withdrawn": TWO[:1], "drafted_on": "2026-01-01"})
    assert "attend déjà ses signatures" in text(answer)


def test_a_draft_may_be_dropped_a_signed_text_may_not(browser, case):
    amendment = amend(browser, case, added=[THIRD])
    sign(browser, amendment, "commune")
    browser.post(url("drop_amendment", amendment.number))
    assert Convention.objects.filter(pk=amendment.pk).exists()


def test_a_dropped_draft_is_gone(browser, case):
    amendment = amend(browser, case, added=[THIRD])
    browser.post(url("drop_amendment", amendment.number))
    assert not Convention.objects.filter(pk=amendment.pk).exists()


def test_without_a_convention_in_force_there_is_nothing_to_amend(browser, officer):
    factories.drafted(officer)
    assert browser.get(url("amend", NARBONNE))["Location"] == url("commune", NARBONNE)
