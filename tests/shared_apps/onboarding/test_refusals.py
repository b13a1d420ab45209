"""What makes no sense is refused in French and changes nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import DomainError
from shared_apps.audit.models import Entry
from shared_apps.onboarding import services
from shared_apps.onboarding.models import Case, CaseEvent, Convention, ConventionSignature
from tests.shared_apps.onboarding import factories
from tests.shared_apps.onboarding.factories import COURSAN, NARBONNE, days_ago, signature
from tests.shared_apps.onboarding.pages import text, url

pytestmark = pytest.mark.django_db


def traces() -> tuple[int, ...]:
    """Everything an act could have left."""
    models = (Case, CaseEvent, Convention, ConventionSignature, Entry)
    return tuple(model.objects.count() for model in models)


def refused(browser, name: str, data: dict, insee: str = NARBONNE) -> str:
    """Post, check that nothing changed, give back the page."""
    before = traces()
    state = list(Case.objects.order_by("pk").values_list("state", flat=True))
    response = browser.post(url(name, insee), data)
    assert response.status_code == 422
    assert traces() == before
    assert list(Case.objects.order_by("pk").values_list("state", flat=True)) == state
    return text(response)


def posted(**changes) -> dict:
    facts = signature(**changes)
    return facts | {"signed_on": facts["signed_on"].isoformat()}


def test_a_future_signature(browser, officer):
    factories.deliberated(officer)
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert "Cette date est à venir" in refused(browser, "sign_commune", posted(signed_on=tomorrow))


def test_a_signature_before_the_deliberation(browser, officer):
    factories.deliberated(officer)
    page = refused(browser, "sign_commune", posted(signed_on=days_ago(45)))
    assert "Cette date précède la délibération du conseil municipal." in page


def test_a_signature_without_deliberation(browser, officer):
    factories.drafted(officer)
    assert "Le conseil municipal n’a pas encore délibéré" in refused(browser, "sign_commune", posted())


def test_the_same_side_twice(browser, officer):
    factories.signed_by_commune(officer)
    page = refused(browser, "sign_commune", posted())
    assert "La signature de la commune est déjà enregistrée." in page


def test_the_academy_does_not_sign_before_the_commune(browser, officer):
    factories.deliberated(officer)
    assert "La commune signe d’abord" in refused(browser, "sign_academy", posted())


def test_a_signature_needs_a_name_a_quality_and_a_place(browser, officer):
    factories.deliberated(officer)
    page = refused(browser, "sign_commune", {"signed_on": days_ago(1).isoformat()})
    assert "3 points sont à corriger" in page


def test_a_signature_without_convention(browser, officer):
    factories.contacted(officer)
    assert "Narbonne n’a pas de convention" in refused(browser, "sign_commune", posted())


def test_a_deliberation_before_the_draft(browser, officer):
    factories.drafted(officer)
    page = refused(browser, "deliberation", {"number": "2026-1", "on": days_ago(55).isoformat()})
    assert "La délibération ne peut pas précéder le projet" in page


def test_a_second_deliberation(browser, officer):
    factories.deliberated(officer)
    page = refused(browser, "deliberation", {"number": "2026-2", "on": days_ago(1).isoformat()})
    assert "ne peut pas passer à « délibération prise »" in page


def test_a_draft_without_school(browser, officer):
    factories.contacted(officer)
    assert "Choisissez au moins une école." in refused(browser, "draft", {"drafted_on": days_ago(1).isoformat()})


def test_a_school_of_another_commune(browser, officer):
    factories.contacted(officer)
    elsewhere = {"uais": [factories.uais(COURSAN)[0]], "drafted_on": days_ago(1).isoformat()}
    assert "n’est pas une école publique de la commune." in refused(browser, "draft", elsewhere)


def test_a_school_of_another_commune_passed_to_the_service(officer):
    case = factories.contacted(officer)
    with pytest.raises(DomainError, match="n’est pas une école publique de Narbonne"):
        services.draft_convention(actor=officer, case=case, uais=factories.uais(COURSAN))
    assert not Convention.objects.exists()


def test_a_new_draft_after_the_vote(browser, officer):
    factories.deliberated(officer)
    data = {"uais": ["0110427E"], "drafted_on": days_ago(1).isoformat()}
    assert "les écoles s’ajoutent par avenant" in refused(browser, "draft", data)
    assert len(factories.fresh(Case.objects.get()).schools) == 30


def test_a_draft_before_any_contact(browser, officer):
    factories.started(officer)
    data = {"uais": ["0110427E"], "drafted_on": days_ago(1).isoformat()}
    assert "ne peut pas passer à « projet de convention »" in refused(browser, "draft", data)


@pytest.mark.parametrize(
    ("insee", "message"),
    [
        ("11002", "Airoux n’a pas d’école publique dans le référentiel"),
        (NARBONNE, "Narbonne a déjà un dossier."),
    ],
)
def test_a_case_that_makes_no_sense(browser, officer, insee, message):
    factories.started(officer)
    before = traces()
    assert message in text(browser.post(url("start", insee), follow=True))
    assert traces() == before


def test_a_commune_that_is_not_in_the_reference_data(browser, officer):
    assert browser.get(url("commune", "99999")).status_code == 404
    assert browser.post(url("start", "99999")).status_code == 404


def test_a_contact_with_a_wrong_address(browser, officer):
    factories.started(officer)
    response = browser.post(
        url("contact", NARBONNE, "maire"), {"first_name": "H", "last_name": "C", "email": "pas une adresse"}
    )
    assert response.status_code == 422
    assert not Case.objects.get().contacts.exists()


def test_a_head_of_a_school_elsewhere(browser, officer):
    factories.started(officer)
    assert browser.get(url("contact", NARBONNE, factories.uais(COURSAN)[0])).status_code == 404


# --- what provisioning asks


@pytest.mark.parametrize(
    ("stage", "code", "message"),
    [
        (None, "no_convention", "Narbonne n’a pas de convention"),
        ("contacted", "no_convention", "Narbonne n’a pas de convention"),
        ("deliberated", "not_signed", "n’est signée par personne"),
        ("signed_by_commune", "one_side_only", "est signée par la commune, pas encore par l’académie"),
    ],
)
def test_an_opening_is_refused_as_long_as_the_convention_is_not_signed_by_both(officer, stage, code, message):
    if stage:
        getattr(factories, stage)(officer)
    with pytest.raises(DomainError, match=message) as refusal:
        services.facts_for_opening(NARBONNE)
    assert refusal.value.code == code


def test_an_opening_of_an_unknown_commune_is_refused(reference):
    with pytest.raises(DomainError, match="n’est pas dans le référentiel"):
        services.facts_for_opening("99999")


def test_a_second_opening_is_refused(officer):
    factories.signed_by_both(officer)
    services.mark_provisioning(actor=officer, insee=NARBONNE)
    services.mark_provisioning(actor=officer, insee=NARBONNE)
    assert services.facts_for_opening(NARBONNE).name == "Narbonne"
    services.mark_open(actor=officer, insee=NARBONNE)
    services.mark_open(actor=officer, insee=NARBONNE)
    with pytest.raises(DomainError, match="Narbonne est déjà ouverte"):
        services.facts_for_opening(NARBONNE)
    assert [e.state for e in CaseEvent.objects.order_by("created_at")][-2:] == ["provisioning", "open"]
