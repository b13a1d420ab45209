"""The delegate proves their mandate: the official address of the town answers, once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from core.errors import DomainError
from shared_apps.notifications import outbox
from shared_apps.onboarding import services
from shared_apps.onboarding.models import Mandate
from shared_apps.onboarding.services import mandates
from tests.shared_apps.onboarding import factories
from tests.shared_apps.onboarding.factories import HOST, NARBONNE
from tests.shared_apps.onboarding.pages import text, url

pytestmark = pytest.mark.django_db
CONTACTS = {
    "official": "mairie@narbonne.example",
    "source": "site de la commune",
    "delegate-first_name": "Élodie",
    "delegate-last_name": "Roca",
    "delegate-email": "e.roca@narbonne.example",
}


def asked(browser, officer) -> Mandate:
    factories.started(officer)
    assert browser.post(url("contacts", NARBONNE), CONTACTS).status_code == 302
    return Mandate.objects.get()


def link_of(mandate: Mandate) -> str:
    return f"{url('mandate')}?cle={mandates.token_for(mandate)}"


def test_naming_the_delegate_writes_to_the_official_address_and_not_to_the_delegate(browser, officer):
    asked(browser, officer)
    outbox.deliver_due()
    assert [sent.to for sent in mail.outbox] == [["mairie@narbonne.example"]]
    assert "Élodie Roca" in mail.outbox[0].body
    assert f"{HOST}" in mail.outbox[0].body


def test_opening_the_link_changes_nothing_and_the_answer_is_kept_with_its_author(browser, officer, browser_of):
    mandate = asked(browser, officer)
    town = browser_of(HOST)
    assert "Élodie Roca nous représente" in text(town.get(link_of(mandate)))
    assert Mandate.objects.get().answered_at is None
    answer = {"cle": mandates.token_for(mandate), "reponse": "oui", "answered_by": "Hélène Castan, maire"}
    assert "Merci, c’est noté" in text(town.post(url("mandate"), answer))
    kept = Mandate.objects.get()
    assert (kept.is_confirmed, kept.answered_by) == (True, "Hélène Castan, maire")
    assert "Hélène Castan, maire" in text(browser.get(url("commune", NARBONNE)))


def test_a_link_serves_once(browser, officer, browser_of):
    mandate = asked(browser, officer)
    answer = {"cle": mandates.token_for(mandate), "reponse": "non", "answered_by": "Le secrétariat"}
    assert browser_of(HOST).post(url("mandate"), answer).status_code == 200
    again = browser_of(HOST).post(url("mandate"), answer | {"reponse": "oui"})
    assert again.status_code == 410
    assert not Mandate.objects.get().is_confirmed


@pytest.mark.parametrize("how", ["forged", "expired", "replaced", "moved"])
def test_a_link_that_is_not_good_any_more_opens_nothing(browser, officer, browser_of, how):
    mandate = asked(browser, officer)
    link = link_of(mandate)
    if how == "forged":
        link += "x"
    elif how == "expired":
        Mandate.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif how == "replaced":
        services.ask_mandate(actor=officer, case=mandate.case)
    else:
        services.save_official_address(actor=officer, case=mandate.case, email="autre@narbonne.example", source="site")
    assert browser_of(HOST).get(link).status_code == 410


def test_the_one_who_answers_says_who_they_are(browser, officer, browser_of):
    mandate = asked(browser, officer)
    answer = {"cle": mandates.token_for(mandate), "reponse": "oui", "answered_by": ""}
    assert browser_of(HOST).post(url("mandate"), answer).status_code == 422


def test_a_delegate_at_the_official_address_would_prove_themselves(officer):
    case = factories.started(officer)
    services.save_official_address(actor=officer, case=case, email="Mairie@x.example", source="site")
    names = {"first_name": "Élodie", "last_name": "Roca", "email": "mairie@x.example"}
    services.save_contact(actor=officer, case=case, role="school_service", **names)
    with pytest.raises(DomainError, match="se prouverait elle-même"):
        services.ask_mandate(actor=officer, case=case)


def signed_with_delegate(officer):
    case = factories.signed_by_both(officer)
    names = {"first_name": "Élodie", "last_name": "Roca", "email": "e.roca@x.example"}
    services.save_contact(actor=officer, case=case, role="school_service", **names)
    services.save_official_address(actor=officer, case=case, email="mairie@x.example", source="site")
    return case


def test_a_commune_does_not_open_with_an_unproven_delegate_and_the_page_says_who_is_awaited(browser, officer):
    case = signed_with_delegate(officer)
    with pytest.raises(DomainError, match="n’a pas confirmé que Élodie Roca"):
        services.facts_for_opening(NARBONNE)
    assert "Le mandat de Élodie Roca n’a pas été demandé" in text(browser.get(url("commune", NARBONNE)))
    browser.post(url("ask_mandate", NARBONNE))
    shown = text(browser.get(url("commune", NARBONNE)))
    assert "La mairie n’a pas confirmé que Élodie Roca la représente." in shown
    asked_one = Mandate.objects.get(case=case)
    mandates.answer(token=mandates.token_for(asked_one), answered_by="La maire", is_confirmed=True)
    assert services.facts_for_opening(NARBONNE).contact("school_service").last_name == "Roca"


def test_another_person_is_not_covered_by_the_mandate_of_the_former_one(officer):
    case = signed_with_delegate(officer)
    asked_one = services.ask_mandate(actor=officer, case=case)
    mandates.answer(token=mandates.token_for(asked_one), answered_by="La maire", is_confirmed=True)
    names = {"first_name": "Élodie", "last_name": "Roca", "email": "intrus@ailleurs.example"}
    services.save_contact(actor=officer, case=case, role="school_service", **names)
    with pytest.raises(DomainError) as refusal:
        services.facts_for_opening(NARBONNE)
    assert refusal.value.code == "mandate_unproven"
