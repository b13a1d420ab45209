"""The administrator manages who works at the academy."""

import pytest

from shared_apps.accounts.models import StaffRole, User
from shared_apps.accounts.services import activation_code
from shared_apps.audit.models import Entry
from tests.shared_apps.onboarding import factories
from tests.shared_apps.onboarding.pages import text, url

pytestmark = pytest.mark.django_db
Role = StaffRole.Role


@pytest.fixture
def admin(reference):
    return factories.staff("Ada", "Admin", role=Role.ADMINISTRATOR)


@pytest.fixture
def browser(admin, academy):
    return academy(admin)


def roles_of(user) -> list[tuple[str, str]]:
    return sorted(user.staff_roles.values_list("role", "scope"))


def test_a_person_is_added_without_role_then_given_some(browser, admin):
    typed = {"first_name": "Élodie", "last_name": "Marty", "email": "elodie.marty@example.org"}
    answer = browser.post(url("add_staff"), typed)
    member = User.objects.get(identifier="elodie.marty")
    assert answer.url == url("staff_member", member.pk)
    assert roles_of(member) == []
    assert not member.has_usable_password()
    browser.post(answer.url, {"roles": ["inspector", "trainer"], "district": "0110041K", "department": ""})
    assert roles_of(member) == [("inspector", "0110041K"), ("trainer", "")]
    assert Entry.objects.filter(action="onboarding.staff_roles_given", actor_id=admin.pk).exists()


def test_the_list_shows_roles_and_who_still_lacks_a_second_factor(browser, admin):
    factories.staff("Ingrid", "Valls", role=Role.INSPECTOR, scope="0110041K")
    shown = text(browser.get(url("staff")))
    assert "inspecteur de l’Éducation nationale (0110041K)" in shown
    assert "à la prochaine entrée" in shown


def test_the_last_administrator_keeps_the_role(browser, admin):
    response = browser.post(url("staff_member", admin.pk), {"roles": ["trainer"], "district": "", "department": ""})
    assert response.status_code == 422
    assert "C’est le dernier administrateur" in text(response)
    assert roles_of(admin) == [("administrator", "")]


def test_another_administrator_lets_the_first_one_leave(browser, admin):
    factories.staff("Bis", "Admin", role=Role.ADMINISTRATOR)
    browser.post(url("staff_member", admin.pk), {"roles": ["trainer"], "district": "", "department": ""})
    assert roles_of(admin) == [("trainer", "")]


def test_an_unknown_role_is_refused(browser, admin):
    response = browser.post(url("staff_member", admin.pk), {"roles": ["emperor"]})
    assert response.status_code == 422
    assert roles_of(admin) == [("administrator", "")]


def test_someone_who_is_not_there_is_not_found(browser):
    assert browser.get(url("staff_member", "00000000-0000-7000-8000-000000000000")).status_code == 404


def test_a_new_colleague_gets_a_code_that_the_administrator_hands_over(browser, admin):
    typed = {"first_name": "Élodie", "last_name": "Marty", "email": "elodie.marty@example.org"}
    page = text(browser.post(url("add_staff"), typed, follow=True))
    assert activation_code(User.objects.get(identifier="elodie.marty")) in page


def test_a_lost_access_is_given_back_by_another_code(browser, admin):
    member = factories.staff()
    stamp = member.session_stamp
    page = text(browser.post(url("renew_staff_code", member.pk), follow=True))
    member.refresh_from_db()
    assert activation_code(member) in page
    assert not member.is_activated
    assert member.session_stamp > stamp


def test_an_administrator_does_not_lock_themselves_out(browser, admin):
    assert browser.post(url("renew_staff_code", admin.pk)).status_code == 403
    assert browser.get(url("renew_staff_code", admin.pk)).status_code == 405


def test_an_officer_can_not_renew_a_code(academy, admin):
    browser = academy(factories.staff())
    assert browser.post(url("renew_staff_code", admin.pk)).status_code == 403
    admin.refresh_from_db()
    assert admin.is_activated
