"""An officer takes Narbonne from the list to a convention signed by both, through the pages."""

import pytest
from django.utils import timezone

from shared_apps.audit.models import Entry
from shared_apps.onboarding import services
from shared_apps.onboarding.models import Case
from tests.shared_apps.onboarding import factories
from tests.shared_apps.onboarding.factories import NARBONNE
from tests.shared_apps.onboarding.pages import text, url

pytestmark = pytest.mark.django_db


def page(browser, insee: str = NARBONNE) -> str:
    response = browser.get(url("commune", insee))
    assert response.status_code == 200
    return text(response)


def test_narbonne_goes_from_the_list_to_a_convention_signed_by_both(browser, officer):
    today = timezone.localdate().isoformat()
    assert "Narbonne" in text(browser.get(url("communes"), {"q": "narb"}))
    assert "30 écoles publiques, 3 953 élèves" in page(browser)
    browser.post(url("start", NARBONNE))
    assert "Noter le premier contact" in page(browser)
    browser.post(url("contacted", NARBONNE), {"on": today, "detail": "appel"})
    browser.post(
        url("contact", NARBONNE, "maire"), {"first_name": "Hélène", "last_name": "Castan", "email": "maire@example.org"}
    )
    assert "Rédiger la convention" in page(browser)
    assert "Personne n’est connu aux affaires scolaires" in page(browser)
    assert "hx-get" not in page(browser).split("<main")[1]
    form = text(browser.get(url("draft", NARBONNE)))
    assert "École élémentaire Lakanal · 118 élèves" in form
    browser.post(url("draft", NARBONNE), {"uais": factories.uais(NARBONNE), "drafted_on": today})
    assert f"Convention n° {timezone.localdate().year}-0001" in page(browser)
    browser.post(url("deliberation", NARBONNE), {"number": "2026-118", "on": today})
    assert 'value="Hélène Castan"' in text(browser.get(url("sign_commune", NARBONNE)))
    mayor = {"signer_name": "Hélène Castan", "signer_quality": "maire", "signed_on": today, "place": "Narbonne"}
    browser.post(url("sign_commune", NARBONNE), mayor)
    assert "L’académie n’a pas signé." in page(browser)
    rector = {"signer_name": "A. Roussel", "signer_quality": "rectrice", "signed_on": today, "place": "Montpellier"}
    answer = browser.post(url("sign_academy", NARBONNE), rector, follow=True)
    assert "la commune peut ouvrir" in text(answer)
    assert "Signée des deux côtés" in page(browser)
    assert f'hx-get="{url("provisioning:panel", NARBONNE)}"' in page(browser)
    facts = services.facts_for_opening(NARBONNE)
    assert len(facts.schools) == 30
    assert facts.in_force_on == timezone.localdate()


def test_each_change_is_dated_signed_by_a_person_and_in_the_audit_log(officer):
    case = factories.signed_by_both(officer)
    events = list(case.events.all())
    assert [e.state for e in events] == [
        "prospect",
        "contacted",
        "drafted",
        "deliberated",
        "signed_commune",
        "signed_both",
    ]
    assert all(e.recorded_by == officer and e.on for e in events)
    logged = Entry.objects.filter(action="onboarding.state_changed", actor_id=officer.pk)
    assert [e.facts["after"] for e in logged.order_by("sequence")] == [e.state for e in events[1:]]


def test_the_audit_log_holds_no_name(officer):
    factories.signed_by_both(officer)
    assert "Castan" not in str(list(Entry.objects.values_list("facts", flat=True)))


def test_the_home_page_shows_what_waits_for_me_the_oldest_first(browser, officer, reference):
    factories.contacted(officer, NARBONNE)
    factories.deliberated(officer, factories.COURSAN)
    shown = text(browser.get("/"))
    assert "2 communes attendent quelque chose de vous" in shown
    assert shown.index("Narbonne") < shown.index("Coursan")
    assert "La commune n’a pas signé." in shown


def test_a_commune_that_another_took_in_waits_for_nobody(browser, officer, reference):
    case = factories.contacted(officer, NARBONNE)
    factories.deliberated(officer, factories.COURSAN)
    case.commune.removed_on = timezone.localdate()
    case.commune.save()
    shown = text(browser.get("/"))
    assert "1 commune attend quelque chose de vous" in shown
    assert "Narbonne" not in shown.split("<main")[1]


def test_the_page_says_which_contacts_an_opening_would_miss(browser, officer):
    case = factories.signed_by_both(officer, schools=["0110427E", "0110426D"])
    assert "2 écoles n’ont pas de direction connue" in page(browser)
    browser.post(
        url("contact", NARBONNE, "0110427E"), {"first_name": "Martine", "last_name": "Calas", "email": "m@x.fr"}
    )
    assert "1 école n’a pas de direction connue" in page(browser)
    contact = services.facts_for_opening(case.insee).contact("head", "0110427E")
    assert (contact.first_name, contact.last_name, contact.email) == ("Martine", "Calas", "m@x.fr")


def test_saying_a_contact_again_replaces_it(browser, officer):
    factories.started(officer)
    for name in ("Castan", "Vidal"):
        browser.post(url("contact", NARBONNE, "maire"), {"first_name": "Hélène", "last_name": name})
    assert [c.last_name for c in Case.objects.get().contacts.all()] == ["Vidal"]


def test_a_case_changes_hands(browser, officer):
    factories.started(officer)
    other = factories.staff("Paul", "Ricard", role="conventions")
    browser.post(url("owner", NARBONNE), {"owner": other.pk})
    assert Case.objects.get().owner == other


def test_schools_can_change_until_the_council_has_voted(browser, officer):
    factories.drafted(officer)
    browser.post(url("draft", NARBONNE), {"uais": ["0110427E"], "drafted_on": timezone.localdate().isoformat()})
    assert factories.fresh(Case.objects.get()).schools == ["0110427E"]


def test_numbers_follow_each_other_within_a_year(officer):
    first = factories.drafted(officer).convention
    second = factories.drafted(officer, factories.COURSAN).convention
    assert int(second.number[5:]) == int(first.number[5:]) + 1
