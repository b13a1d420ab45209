"""« Prouver l’isolement »: the administrator sees each refusal of the running system."""

import pytest

from shared_apps.accounts.models import StaffRole
from shared_apps.audit.models import Entry
from shared_apps.onboarding.views import console
from tenants.crossings import Crossing
from tests.shared_apps.onboarding import factories
from tests.shared_apps.onboarding.pages import text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(db, academy):
    return academy(factories.staff("Ada", "Admin", role=StaffRole.Role.ADMINISTRATOR))


def test_each_crossing_is_shown_with_its_refusal(browser, narbonne, lezignan):
    shown = text(browser.post(url("isolation"), {"origin": narbonne.pk, "target": lezignan.pk}))
    assert "passages essayés, tous refusés" in shown
    assert "permission denied for schema c_11203" in shown
    assert "Narbonne vers Lézignan-Corbières" in shown
    facts = Entry.objects.get(action="onboarding.isolation_tried").facts
    assert facts["tried"] > 5
    assert facts["passed"] == 0


def test_a_crossing_that_gets_through_is_not_hidden(browser, narbonne, lezignan, monkeypatch):
    through = [Crossing("Lire les comptes", "SELECT 1", "La base a répondu.", ok=False)]
    monkeypatch.setattr(console, "prove_isolation", lambda origin, target: through)
    shown = text(browser.post(url("isolation"), {"origin": narbonne.pk, "target": lezignan.pk}))
    assert "1 passage n’a pas été refusé." in shown


def test_one_commune_does_not_prove_anything(browser, narbonne):
    response = browser.post(url("isolation"), {"origin": narbonne.pk, "target": narbonne.pk})
    assert response.status_code == 422
    assert "Choisissez deux communes différentes." in text(response)


def test_without_two_communes_the_page_says_so(browser, narbonne, lezignan):
    lezignan.domains.all().delete()
    lezignan.delete()
    assert "Il faut deux communes ouvertes" in text(browser.get(url("isolation")))
