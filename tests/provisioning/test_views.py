"""The live panel: what the academy sees of an opening, and may do."""

import socket

import pytest

from core.tenancy import in_public
from provisioning import services
from provisioning.models import Opening
from provisioning.opening import machine, steps
from provisioning.sessions import only_one
from shared_apps.accounts.models import StaffRole
from shared_apps.accounts.sessions import SECOND_FACTOR_KEY
from tests.provisioning.cases import Side, signed_case, staff
from tests.support.sign_in import sign_in

Role = StaffRole.Role
HOST = "academie.localhost"
PAGE = "/communes/11069/ouverture/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def as_staff(browser_of):
    """A browser of somebody of the academy who gave their second factor."""

    def make(user):
        client = browser_of(HOST)
        sign_in(client, HOST, user, **{SECOND_FACTOR_KEY: True})
        return client

    return make


@pytest.fixture
def officer(as_staff, db):
    return as_staff(staff(Role.DEPLOYMENT))


def requested(**changes):
    with in_public():
        opening = services.request_opening(actor=None, insee="11069", by_worker=False)
        Opening.objects.filter(pk=opening.pk).update(**changes)
    return opening


def test_a_signed_commune_may_be_opened_by_one_button(officer):
    signed_case()
    page = officer.get(PAGE).content.decode()
    assert 'action="/communes/11069/ouverture/demander/"' in page
    assert officer.post(f"{PAGE}demander/").headers["Location"] == PAGE
    assert Opening.objects.get().requested_by.identifier == "n.bousquet"


def test_a_refusal_is_said_in_french_and_changes_nothing(officer):
    signed_case(sides=[Side.COMMUNE], state="signed_commune")
    answer = officer.post(f"{PAGE}demander/", follow=True)
    assert "pas encore par l’académie" in answer.content.decode()
    assert not Opening.objects.exists()


def test_the_panel_follows_an_opening_with_and_without_javascript(officer):
    signed_case()
    requested()
    page = officer.get(PAGE).content.decode()
    assert 'hx-trigger="every 500ms"' in page
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page
    assert "L’adresse est branchée en dernier" in page
    assert "carcassonne.localhost" in page
    assert "12" in officer.get(f"{PAGE}panneau/", headers=HTMX).content.decode()


def test_the_panel_s_address_typed_by_hand_leads_to_the_page(officer):
    signed_case()
    assert officer.get(f"{PAGE}panneau/").headers["Location"] == PAGE


def test_when_the_opening_ends_the_page_around_the_panel_is_asked_to_refresh(officer):
    signed_case()
    requested(state="ready")
    answer = officer.get(f"{PAGE}panneau/?suivi=1", headers=HTMX)
    assert answer.headers["HX-Refresh"] == "true"
    assert "every 500ms" not in answer.content.decode()
    assert "HX-Refresh" not in officer.get(f"{PAGE}panneau/", headers=HTMX).headers


def test_a_failed_opening_shows_why_and_resume_takes_it_up(officer):
    signed_case()
    requested(state="failed", error="Le disque est plein.")
    page = officer.get(PAGE).content.decode()
    assert "Le disque est plein." in page
    assert "Reprendre" in page
    officer.post(f"{PAGE}reprendre/")
    assert Opening.objects.get().state == "requested"


def test_who_may_not_open_sees_the_panel_without_buttons(as_staff, db):
    signed_case()
    requested(state="failed", error="Le disque est plein.")
    trainer = as_staff(staff(Role.TRAINER))
    page = trainer.get(PAGE).content.decode()
    assert "Le disque est plein." in page
    assert "Reprendre" not in page
    for act in ("demander", "reprendre"):
        assert trainer.post(f"{PAGE}{act}/").status_code == 403


def test_an_inspector_of_elsewhere_finds_no_page(as_staff, db):
    signed_case()
    user = staff()
    user.staff_roles.create(role=Role.DASEN, scope="34")
    assert as_staff(user).get(PAGE).status_code == 404


def test_killing_the_process_does_not_exist_outside_the_demo(officer):
    signed_case()
    requested()
    assert officer.post(f"{PAGE}tuer/").status_code == 404


def test_in_the_demo_the_button_kills_the_process_that_holds_the_lock_and_no_other(officer, settings, monkeypatch):
    settings.ENT_DEMO = True
    killed = []
    monkeypatch.setattr(services.os, "kill", lambda pid, signal: killed.append(pid))
    signed_case()
    opening = requested(state="running", worker_pid=4321, worker_host=socket.gethostname())
    officer.post(f"{PAGE}tuer/")
    assert killed == []  # nobody holds the lock: that number may be anybody's by now
    with in_public(), only_one(opening.lock):
        page = officer.get(PAGE).content.decode()
        officer.post(f"{PAGE}tuer/")
    assert "Tuer le processus" in page
    assert killed == [4321]
    assert "Un autre reprend où il en était" in officer.get(PAGE).content.decode()


def test_slow_openings_exist_in_the_demo_only(officer, settings):
    signed_case()
    officer.post(f"{PAGE}demander/", {"lent": "1"})
    assert Opening.objects.get().pause_ms == 0


def test_from_the_click_to_the_first_visitor(provisioning_database, as_staff):
    """Tasks are eager in the suite: the request's answer comes when the commune is open."""
    signed_case()
    officer = as_staff(staff(Role.ADMINISTRATOR))
    page = officer.post(f"{PAGE}demander/", follow=True).content.decode()
    assert "Commune ouverte" in page
    assert "http" in page
    assert "carcassonne.localhost" in page


def test_every_step_has_its_words(db):
    assert set(steps.STEPS) == set(machine.STEPS) == set(services.OpeningStep.Name.values)
