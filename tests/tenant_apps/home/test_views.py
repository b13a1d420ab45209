"""The home page of each profile."""

import pytest

from shared_apps.accounts.models import User
from tenant_apps.people.models import StaffAssignment
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"


def home(browser) -> str:
    response = browser.get("/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def pupil_account(room, first: str) -> User:
    pupil = room.pupils[first]
    pupil.person.account = factories.account(f"eleve-{first}", "x")
    pupil.person.save()
    return pupil.person.account


def test_a_guardian_sees_first_what_to_do_for_whom_and_before_when(room, browser_of):
    factories.consent(room)
    shown = home(browser_of(HOST, room.guardians["Sophie"]))
    assert "1 chose à faire" in shown
    assert "Sortie au musée Narbo Via" in shown
    assert "Inès" in shown
    assert "Noé" not in shown


def test_what_the_other_guardian_signed_is_not_asked_again(room, browser_of):
    note = factories.consent(room)
    from tenant_apps.liaison import services
    from tests.tenant_apps.liaison.test_views import slot_of

    services.sign_note(
        actor=room.guardians["Karim"], note=note, slot=slot_of(room, note, "Inès", "Karim"), answer="yes"
    )
    assert "Rien à faire pour le moment" in home(browser_of(HOST, room.guardians["Sophie"]))


def test_a_guardian_with_nothing_to_do_is_told_so(room, browser_of):
    assert "Rien à faire pour Inès" in home(browser_of(HOST, room.guardians["Sophie"]))


def test_a_teacher_is_shown_the_families_that_did_not_answer(room, browser_of):
    factories.consent(room)
    shown = home(browser_of(HOST, room.teacher))
    assert "3 familles n’ont pas répondu" in shown


def test_a_pupil_has_large_pictures_and_a_way_out(room, browser_of):
    shown = home(browser_of(HOST, pupil_account(room, "Inès")))
    assert "Bonjour eleve-Inès" in shown
    assert "Ma classe" in shown
    assert "C’est fini" in shown


def test_a_pupil_sees_the_first_names_of_its_class_only(room, browser_of):
    browser = browser_of(HOST, pupil_account(room, "Inès"))
    shown = browser.get("/ma-classe-et-moi/").content.decode()
    assert "Noé" in shown
    assert "Cabanel" not in shown
    assert "Mme Vidal" in shown


def test_a_municipal_agent_sees_no_note(room, browser_of):
    factories.consent(room)
    user = factories.account("Julien", "Roca")
    StaffAssignment.objects.create(
        person=factories.person("Julien", "Roca", user=user), role="school_service", starts_on="2026-01-01"
    )
    shown = home(browser_of(HOST, user))
    assert "Sortie au musée" not in shown


def test_an_account_with_no_relation_is_told_what_to_do(room, browser_of):
    shown = home(browser_of(HOST, factories.account("Per", "Sonne")))
    assert "relié à aucune école" in shown


def test_an_anonymous_visitor_is_sent_to_the_sign_in(room, browser_of):
    response = browser_of(HOST).get("/")
    assert response.status_code == 302
    assert "connexion" in response.url


def test_the_home_of_a_guardian_asks_twice(room, browser_of, django_assert_max_num_queries):
    """Who it is, then what all rooms have to say: their sum is held here, and nowhere else."""
    factories.consent(room)
    browser = browser_of(HOST, room.guardians["Sophie"])
    home(browser)
    with django_assert_max_num_queries(2):
        assert "Sortie au musée Narbo Via" in home(browser)
