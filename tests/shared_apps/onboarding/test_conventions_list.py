"""All conventions and amendments on one page: filtered, searched, exported; the vote on an amendment; the next act."""

import pytest

from shared_apps.onboarding import services
from shared_apps.onboarding.models import Case, Convention
from tests.shared_apps.onboarding import factories, online
from tests.shared_apps.onboarding.factories import COURSAN, LEZIGNAN, NARBONNE, days_ago
from tests.shared_apps.onboarding.pages import text, url

pytestmark = pytest.mark.django_db
TWO, THIRD = ["0110427E", "0110429G"], "0110430H"


@pytest.fixture
def three(officer):
    """Signed by both, half signed, a draft."""
    return [
        factories.signed_by_both(officer, NARBONNE, TWO).convention,
        factories.signed_by_commune(officer, LEZIGNAN).convention,
        factories.drafted(officer, COURSAN).convention,
    ]


def numbers(page: str, conventions: list[Convention]) -> list[str]:
    return [c.case.commune_id for c in conventions if f">{c.number}<" in page]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [NARBONNE, LEZIGNAN, COURSAN]),
        ({"etape": "signed"}, [NARBONNE]),
        ({"etape": "half"}, [LEZIGNAN]),
        ({"etape": "draft"}, [COURSAN]),
        ({"q": "narb"}, [NARBONNE]),
        ({"q": LEZIGNAN}, [LEZIGNAN]),
        ({"q": "roussel"}, [NARBONNE]),
        ({"departement": "34"}, []),
        ({"nature": "amendment"}, []),
        ({"modele": "2026.1"}, [NARBONNE, LEZIGNAN, COURSAN]),
        ({"modele": "1999.1"}, []),
    ],
    ids=[
        "all",
        "signed",
        "half",
        "draft",
        "name",
        "code",
        "signer",
        "elsewhere",
        "amendments",
        "version",
        "no_version",
    ],
)
def test_conventions_are_found_by_stage_kind_version_place_or_words(browser, three, asked, found):
    assert numbers(text(browser.get(url("conventions"), asked)), three) == found


def test_a_convention_sent_or_ended_says_so(browser, officer):
    sent = factories.deliberated(officer).convention
    assert Convention.objects.with_stage().get(pk=sent.pk).stage == "deliberated"
    online.ask(browser, sent)
    assert Convention.objects.with_stage().get(pk=sent.pk).stage == "sent"
    over = factories.signed_by_both(officer, COURSAN).convention
    Case.objects.filter(conventions=over).update(state="terminated")
    assert Convention.objects.with_stage().get(pk=over.pk).stage == "over"


def test_the_list_is_a_file_too_filtered_alike(browser, three):
    lines = browser.get(url("conventions_csv"), {"etape": "signed"}).content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(f"{three[0].number};convention;11262;Narbonne;")
    assert "Hélène Castan, maire;" in lines[1]
    assert "Anne Roussel, rectrice;" in lines[1]


def test_an_inspector_sees_the_conventions_of_their_communes_only(academy, three):
    inspector = factories.staff("Luc", "Pons", role=factories.Role.INSPECTOR, scope="0110000X")
    assert numbers(text(academy(inspector).get(url("conventions"))), three) == []
    assert len(academy(inspector).get(url("conventions_csv")).content.splitlines()) == 1


def test_the_queries_of_the_list_do_not_grow(browser, officer, django_assert_max_num_queries):
    factories.drafted(officer, COURSAN)
    browser.get(url("conventions"))
    with django_assert_max_num_queries(12) as one:
        browser.get(url("conventions"))
    factories.signed_by_both(officer, NARBONNE)
    factories.signed_by_commune(officer, LEZIGNAN)
    with django_assert_max_num_queries(len(one)):
        browser.get(url("conventions"))


# --- the vote on an amendment


def test_the_council_votes_on_an_amendment_and_the_case_stays(browser, officer):
    case = factories.signed_by_both(officer, schools=TWO)
    amendment = services.draft_amendment(actor=officer, case=case, added=[THIRD], drafted_on=days_ago(10))
    assert url("deliberate", amendment.number) in text(browser.get(url("convention", amendment.number)))
    browser.post(url("deliberate", amendment.number), {"number": "2026-140", "on": days_ago(5).isoformat()})
    amendment.refresh_from_db()
    assert (amendment.deliberation_number, amendment.deliberated_on) == ("2026-140", days_ago(5))
    assert factories.fresh(case).state == Case.State.SIGNED_BY_BOTH
    early = factories.signature(signed_on=days_ago(8))
    assert browser.post(url("record_paper", amendment.number, "commune"), early).status_code == 422


def test_a_vote_does_not_come_after_the_signature(browser, officer):
    case = factories.signed_by_both(officer, schools=TWO)
    amendment = services.draft_amendment(actor=officer, case=case, added=[THIRD], drafted_on=days_ago(10))
    browser.post(url("record_paper", amendment.number, "commune"), factories.signature(signed_on=days_ago(6)))
    answer = browser.post(url("deliberate", amendment.number), {"number": "2026-140", "on": days_ago(5).isoformat()})
    assert "précède la signature" in text(answer)


# --- the next act, on the page of the commune


def test_online_comes_first_where_there_is_a_seal_and_paper_stays_possible(browser, officer, settings):
    convention = factories.deliberated(officer).convention
    page = text(browser.get(url("commune", NARBONNE)))
    assert url("invite", convention.number) in page
    assert "La commune a signé sur papier" in page
    settings.ENT_SEAL_LOCAL = ""
    page = text(browser.get(url("commune", NARBONNE)))
    assert url("invite", convention.number) not in page
    assert f'action="{url("sign_commune", NARBONNE)}"' in page


def test_a_link_sent_is_followed_not_sent_again(browser, officer):
    convention = factories.deliberated(officer).convention
    online.ask(browser, convention)
    page = text(browser.get(url("commune", NARBONNE)))
    assert f"Un lien est parti à {online.TOWN}" in page
    assert url("invite", convention.number) not in page


def test_signed_online_by_the_commune_only_who_may_sign_is_asked_to(browser, signer, officer):
    convention = factories.deliberated(officer).convention
    online.sign_as_mayor(browser, convention)
    sign = f'href="{url("sign", convention.number)}"'
    assert sign in text(signer.get(url("commune", NARBONNE)))
    page = text(browser.get(url("commune", NARBONNE)))
    assert sign not in page
    assert url("sign_academy", NARBONNE) not in page


def test_the_api_gives_the_stage_and_filters_by_it(browser, three):
    told = browser.get("/api/v1/conventions/", {"stage": "half"}).json()["results"]
    assert [(one["commune"], one["stage"]) for one in told] == [(LEZIGNAN, "half")]
    assert browser.get("/api/v1/conventions/", {"stage": "lost"}).status_code == 400
