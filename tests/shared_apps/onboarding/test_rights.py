"""Who sees which commune, and who may act."""

import pytest

from core.tenancy import in_schema
from shared_apps.accounts.models import StaffRole
from shared_apps.audit.models import Entry
from shared_apps.onboarding.models import Case
from tenants.agreements import asks_heads
from tenants.published import forget_all
from tests.shared_apps.onboarding import factories
from tests.shared_apps.onboarding.factories import COURSAN, LEZIGNAN, NARBONNE
from tests.shared_apps.onboarding.pages import text, url

pytestmark = pytest.mark.django_db
Role = StaffRole.Role
NARBONNE_1, LEZIGNAN_DISTRICT = "0110041K", "0111012R"


def test_an_inspector_sees_only_the_communes_of_their_circonscription(officer, academy):
    factories.contacted(officer, NARBONNE)
    factories.contacted(officer, LEZIGNAN)
    inspector = academy(factories.staff("Ingrid", "Valls", role=Role.INSPECTOR, scope=LEZIGNAN_DISTRICT))
    shown = text(inspector.get(url("communes")))
    assert "Lézignan-Corbières" in shown
    assert "Narbonne" not in shown
    assert inspector.get(url("commune", LEZIGNAN)).status_code == 200
    assert inspector.get(url("commune", NARBONNE)).status_code == 404
    assert inspector.get(url("convention_pdf", NARBONNE)).status_code == 404
    home = text(inspector.get("/"))
    assert "Lézignan-Corbières" in home
    assert "Narbonne" not in home


def test_an_inspector_of_one_half_of_narbonne_sees_its_schools_only(officer, academy):
    factories.drafted(officer, NARBONNE)
    shown = text(
        academy(factories.staff("Ingrid", "Valls", role=Role.INSPECTOR, scope=NARBONNE_1)).get(url("commune", NARBONNE))
    )
    assert "École élémentaire Arago" in shown
    assert "École élémentaire Lakanal" not in shown


def test_a_dasen_sees_their_department(academy, reference):
    browser = academy(factories.staff("Denis", "Aude", role=Role.DASEN, scope="34"))
    assert browser.get(url("commune", NARBONNE)).status_code == 404
    assert browser.get(url("commune", "34172")).status_code == 200


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.DASEN, Role.TRAINER, Role.SUPPORT, Role.STATISTICIAN])
def test_who_only_reads_sees_no_act_and_may_not_do_it(officer, academy, role):
    factories.drafted(officer, COURSAN)
    browser = academy(factories.staff("Rachid", "Lecteur", role=role))
    shown = text(browser.get(url("commune", COURSAN)))
    assert "Le conseil municipal n’a pas délibéré." in shown
    assert "Enregistrer la délibération" not in shown
    assert ">Ajouter" not in shown
    for name in ("contacted", "draft", "deliberation", "sign_commune", "sign_academy", "owner"):
        assert browser.post(url(name, COURSAN), {}).status_code == 403
    assert browser.post(url("start", NARBONNE)).status_code == 403
    assert browser.post(url("contact", COURSAN, "maire"), {}).status_code == 403
    assert Case.objects.get().state == "drafted"


@pytest.mark.parametrize("role", [Role.DEPLOYMENT, Role.CONVENTIONS, Role.ADMINISTRATOR])
def test_who_follows_communes_may_start_a_case(academy, reference, role):
    browser = academy(factories.staff("Olga", "Officier", role=role))
    browser.post(url("start", NARBONNE))
    assert Case.objects.get().owner.first_name == "Olga"


def test_an_account_without_role_sees_nothing(academy, reference):
    browser = academy(factories.staff("Sans", "Role", role=None))
    assert browser.get("/").status_code == 403
    assert browser.get(url("communes")).status_code == 403
    assert browser.get(url("commune", NARBONNE)).status_code == 404
    assert browser.get(url("statistics:statistics")).status_code == 403


def test_a_role_taken_away_is_lost_at_the_next_request(officer, browser):
    assert browser.get(url("communes")).status_code == 200
    officer.staff_roles.all().delete()
    assert browser.get(url("communes")).status_code == 403


@pytest.mark.parametrize("name", ["staff", "add_staff", "isolation"])
def test_the_administrators_pages_are_theirs(academy, reference, name):
    assert academy(factories.staff(role=Role.DEPLOYMENT)).get(url(name)).status_code == 403
    assert academy(factories.staff("Ada", "Admin", role=Role.ADMINISTRATOR)).get(url(name)).status_code == 200


def test_someone_who_is_not_signed_in_is_sent_to_sign_in(browser_of, reference):
    response = browser_of(factories.HOST).get(url("communes"))
    assert response.status_code == 302
    assert "/communes/" not in response.url.split("?")[0]


def test_a_commune_has_none_of_these_pages(narbonne, browser_of):
    assert browser_of("narbonne.localhost").get("/communes/").status_code == 404


def _asks_heads() -> bool:
    with in_schema("c_11262"):
        return asks_heads()


def test_who_signs_conventions_says_whether_the_heads_are_asked(officer, academy):
    factories.signed_by_both(officer, NARBONNE)
    Case.objects.update(state=Case.State.OPEN)
    browser = academy(factories.staff("Bruno", "Castel", role=Role.CONVENTIONS))
    page = url("heads_consent", NARBONNE)
    assert page in browser.get(url("commune", NARBONNE)).content.decode()
    assert _asks_heads()
    browser.post(page, {"asks_heads": "no"})
    forget_all()
    assert not _asks_heads()
    assert Entry.objects.filter(action="onboarding.heads_consent_set").count() == 1
    browser.post(page, {"asks_heads": "no"})
    assert Entry.objects.filter(action="onboarding.heads_consent_set").count() == 1
    assert academy(factories.staff("Rachid", "L", role=Role.DEPLOYMENT)).get(page).status_code == 403
