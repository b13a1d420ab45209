"""Just-in-time access: asked, granted by who answers for the place, used, seen, ended; and no other way in."""

from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from core.errors import DomainError
from core.tenancy import in_public, in_schema
from shared_apps.accounts.models import User
from shared_apps.accounts.sessions import SECOND_FACTOR_KEY
from shared_apps.audit.models import Entry
from shared_apps.notifications.models import Notification
from shared_apps.support import services as helpdesk
from shared_apps.support.models import AccessRequest
from tenant_apps.support import tasks
from tenant_apps.support.models import SupportAccess
from tenant_apps.support.services import accesses
from tests.isolation.routes import routes
from tests.tenant_apps.links.browser import Device
from tests.tenant_apps.support.conftest import (
    ACADEMY,
    NARBONNE,
    SCHEMA,
    asked,
    deliver,
    fresh,
    granted,
    url,
)

LOOK, DOOR = "/assistance/consultation/", "/assistance/entree/?acces={}"


def enter(desk, access):
    return desk.get(url(DOOR.format(access.pk)))


def is_in(desk):
    return desk.on(NARBONNE).get(LOOK).status_code == 200


def entries(*actions):
    with in_schema(SCHEMA):
        return list(Entry.objects.filter(action__in=actions).order_by("sequence"))


@pytest.fixture
def request_(agent, lakanal, narbonne):
    return asked(agent, narbonne)


@pytest.fixture
def inside(desk, request_, lakanal):
    """The agent has entered the school."""
    access = granted(request_, lakanal.head)
    assert enter(desk, access).status_code == 200
    return access


# --- asked


def test_asking_opens_nothing_and_tells_the_head(desk, request_, lakanal):
    assert enter(desk, request_).status_code == 410
    assert not is_in(desk)
    with in_schema(SCHEMA):
        assert Notification.objects.filter(user=lakanal.head, kind="support.access").count() == 1
        assert not User.objects.filter(identifier__startswith="assistance-").exists()


def test_the_agent_asks_from_a_page(desk, lakanal, narbonne):
    page = desk.get(url("/assistance/acces/demander/?commune=11262", ACADEMY))
    assert page.status_code == 200
    typed = {"scope": "school", "uai": "0110427E", "reason": "accounts", "words": "Un code.", "minutes": "60"}
    page = desk.post(url("/assistance/acces/demander/?commune=11262", ACADEMY), typed)
    assert "Rien n’est ouvert avant la réponse" in page.content.decode()
    with in_schema(SCHEMA):
        assert SupportAccess.objects.get().words == "Un code."


def test_a_second_factor_given_long_ago_is_asked_again(agent, lakanal):
    device = Device()
    device.sign_in(ACADEMY, agent, **{SECOND_FACTOR_KEY: True})
    page = device.on(ACADEMY).get("/assistance/acces/demander/?commune=11262")
    assert (page.status_code, page.headers["Location"]) == (302, "/second-facteur/")
    assert device.on(ACADEMY).get("/assistance/").status_code == 302  # the session opens nothing meanwhile


def test_the_words_of_the_agent_are_not_kept_at_the_academy(request_):
    row = AccessRequest.objects.filter(pk=request_.pk).values().get()
    assert "Un code ne marche pas." not in map(str, row.values())


def test_a_school_that_the_commune_does_not_have_is_told(agent, narbonne, lakanal):
    with pytest.raises(DomainError):
        asked(agent, narbonne, uai="0110358E")
    assert not AccessRequest.objects.exists()


@pytest.mark.parametrize("minutes", [0, 241])
def test_more_than_four_hours_is_refused_by_the_database(agent, narbonne, lakanal, minutes):
    with pytest.raises(IntegrityError), transaction.atomic():
        asked(agent, narbonne, minutes=minutes)


def test_the_commune_too_refuses_an_end_after_four_hours(inside):
    with in_schema(SCHEMA), pytest.raises(IntegrityError), transaction.atomic():
        SupportAccess.objects.update(ends_at=timezone.now() + timedelta(hours=5))


# --- decided


def test_a_head_decides_for_her_school_only(request_, arago, officer, lakanal):
    with in_schema(SCHEMA):
        access = SupportAccess.objects.get()
        for other in (arago.head, officer, lakanal.teacher, lakanal.guardians["Sophie"]):
            with pytest.raises(PermissionDenied):
                accesses.grant(actor=other, access=access)
        assert accesses.grant(actor=lakanal.head, access=access).is_running


def test_the_town_decides_for_its_services_only(agent, narbonne, officer, lakanal):
    row = asked(agent, narbonne, scope="town")
    with in_schema(SCHEMA):
        access = SupportAccess.objects.get(pk=row.pk)
        with pytest.raises(PermissionDenied):
            accesses.grant(actor=lakanal.head, access=access)
        assert accesses.grant(actor=officer, access=access).is_running


def test_refused_nothing_opens_and_the_agent_is_told(desk, request_, lakanal, browser):
    page = browser(lakanal.head).post(url(f"/assistance/acces/{request_.pk}/refuser/"))
    assert "C’est refusé" in page.content.decode()
    deliver()
    assert fresh(request_, "public").state == "refused"
    assert enter(desk, request_).status_code == 410
    assert Notification.objects.filter(kind="support.access", title__contains="refusé").exists()


def test_a_request_nobody_answered_for_a_day_can_no_longer_be_granted(request_, lakanal):
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False), in_schema(SCHEMA):
        access = SupportAccess.objects.get()
        assert not access.is_waiting
        with pytest.raises(DomainError):
            accesses.grant(actor=lakanal.head, access=access)


# --- used


def test_the_agent_enters_and_reads_the_school(desk, inside, lakanal):
    page = desk.get(url(LOOK)).content.decode()
    assert "École Lakanal" in page
    assert "lecture seule" in page
    page = desk.get(url(f"{LOOK}{lakanal.school_class.pk}/")).content.decode()
    assert "Inès Ferrer" in page
    assert "Sophie Ferrer" in page
    assert "2018" not in page  # neither birth date
    assert "@example.org" not in page  # nor address


def test_another_school_stays_closed(desk, inside, arago):
    assert desk.get(url(f"{LOOK}{arago.school_class.pk}/")).status_code == 404
    assert "bClaire" not in desk.get(url(f"{LOOK}comptes/")).content.decode()


def test_the_town_s_grant_never_opens_school_data(desk, agent, narbonne, officer, lakanal):
    access = granted(asked(agent, narbonne, scope="town"), officer)
    page = enter(desk, access).content.decode()
    assert "CE2" not in page
    assert desk.get(url(f"{LOOK}{lakanal.school_class.pk}/")).status_code == 404
    accounts = desk.get(url(f"{LOOK}comptes/")).content.decode()
    assert "Elodie Roca" in accounts
    assert "Vidal" not in accounts
    assert "Calas" not in accounts


def test_every_other_page_of_the_commune_is_closed_to_the_agent(desk, inside, lakanal):
    """Whatever the platform gains later: what is not in the list is closed."""
    opened = set()
    for route in routes("config.urls.tenant"):
        for args in ([], [lakanal.school_class.pk], [lakanal.school.pk], [lakanal.pupils["Inès"].pk]):
            with suppress(NoReverseMatch):  # another number of arguments
                path = reverse(route.name, args=args, urlconf="config.urls.tenant")
                if desk.on(NARBONNE).get(path).status_code == 200:
                    opened.add(route.name)
    assert opened == {"support:look", "support:look_accounts", "support:look_class"}


def test_the_agent_writes_nothing(desk, inside, lakanal):
    for path in (
        LOOK,
        "/aide/demander/",
        f"/classes/{lakanal.school_class.pk}/",
        "/mots/ecrire/",
        "/mon-compte/mot-de-passe/",
    ):
        assert desk.on(NARBONNE).post(path, {"essai": "1"}).status_code == 403, path


def test_each_page_read_is_in_the_audit_under_the_agent_s_number(desk, inside, agent, narbonne, lakanal):
    desk.get(url(f"{LOOK}{lakanal.school_class.pk}/"))
    number = helpdesk.agent_number(agent, narbonne)
    asked_, granted_, entered, *read = entries(
        "support.access_asked", "support.access_granted", "support.access_entered", "support.page_read"
    )
    assert {entry.facts["agent"] for entry in (asked_, granted_, entered, *read)} == {number}
    assert str(agent.pk) != number
    assert granted_.actor_id == lakanal.head.pk
    assert [entry.facts["page"] for entry in read] == ["support:look", "support:look_class"]
    assert read[-1].facts["about"] == str(lakanal.school_class.pk)


def test_the_head_sees_what_was_read(desk, inside, lakanal, browser):
    desk.get(url(f"{LOOK}{lakanal.school_class.pk}/"))
    page = browser(lakanal.head).get(url("/assistance/acces/")).content.decode()
    assert "la liste d’une classe" in page


def test_two_communes_know_an_agent_by_two_numbers(agent, narbonne, lezignan):
    assert helpdesk.agent_number(agent, narbonne) == helpdesk.agent_number(agent, narbonne)
    assert helpdesk.agent_number(agent, narbonne) != helpdesk.agent_number(agent, lezignan)


# --- the letter


def opening(desk, access):
    desk._ask("get", url(DOOR.format(access.pk)))
    asking = desk.on(NARBONNE).get(DOOR.format(access.pk)).headers["Location"]
    return desk._ask("get", asking).headers["Location"]


def test_an_opening_serves_once_and_in_one_browser(desk, request_, lakanal):
    access = granted(request_, lakanal.head)
    letter = opening(desk, access)
    assert Device().get(letter).status_code == 410
    assert desk.get(letter).status_code == 200
    desk.on(NARBONNE).post("/deconnexion/")
    assert desk.get(letter).status_code == 410


def test_an_opening_lasts_a_minute(desk, request_, lakanal):
    access = granted(request_, lakanal.head)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        letter = opening(desk, access)
        clock.shift(61)
        assert desk.get(letter).status_code == 410


def test_another_agent_does_not_enter_by_it(request_, lakanal, reference):
    from tests.shared_apps.onboarding import factories as academy

    access = granted(request_, lakanal.head)
    other = academy.staff("Paul", "Autre", role="support")
    device = Device()
    device.sign_in(ACADEMY, other, **{SECOND_FACTOR_KEY: True, "verified_at": timezone.now().isoformat()})
    assert enter(device, access).status_code == 410


@pytest.mark.parametrize("role", ["administrator", "deployment", "statistician"])
def test_no_other_role_enters(request_, lakanal, reference, role):
    from tests.shared_apps.onboarding import factories as academy

    access = granted(request_, lakanal.head)
    device = Device()
    staff = academy.staff("Paul", role, role=role)
    device.sign_in(ACADEMY, staff, **{SECOND_FACTOR_KEY: True, "verified_at": timezone.now().isoformat()})
    assert enter(device, access).status_code == 403


def test_somebody_signed_in_here_is_not_replaced(desk, request_, lakanal):
    access = granted(request_, lakanal.head)
    desk.sign_in(NARBONNE, lakanal.guardians["Laure"])
    assert enter(desk, access).status_code == 410


# --- seen


def banner_of(device):
    page = device.get(url("/aide/"))
    return "L’assistance académique consulte" in page.content.decode()


def test_everybody_of_the_school_sees_it_and_nobody_else(inside, lakanal, arago, officer, browser):
    for user in (lakanal.head, lakanal.teacher, lakanal.guardians["Sophie"]):
        assert banner_of(browser(user))
    for user in (arago.head, arago.guardians["Sophie"]):
        assert not banner_of(browser(user))


def test_the_town_s_staff_sees_that_its_services_are_looked_at(agent, narbonne, officer, lakanal, browser):
    granted(asked(agent, narbonne, scope="town"), officer)
    assert banner_of(browser(officer))
    assert not banner_of(browser(lakanal.head))


def test_the_banner_appears_and_goes_at_once(request_, lakanal, browser):
    device = browser(lakanal.teacher)
    assert not banner_of(device)
    access = granted(request_, lakanal.head)
    assert banner_of(device)
    with in_schema(SCHEMA):
        accesses.end(actor=lakanal.head, access=access)
    assert not banner_of(device)


# --- ended


def test_the_head_ends_it_and_the_session_is_dead_at_its_next_page(desk, inside, lakanal, browser):
    assert is_in(desk)
    browser(lakanal.head).post(url(f"/assistance/acces/{inside.pk}/fin/"))
    assert not is_in(desk)
    deliver()
    row = fresh(AccessRequest(pk=inside.pk), "public")
    assert (row.state, row.ended_by) == ("ended", "commune")
    with in_schema(SCHEMA):
        assert not User.objects.get(pk=inside.account_id).is_active


def test_the_agent_ends_it_from_within(desk, inside):
    page = desk.post(url("/assistance/quitter/"))
    assert "Plus rien n’est ouvert ici" in page.content.decode()
    assert not is_in(desk)
    assert enter(desk, inside).status_code == 410


def test_the_agent_ends_it_from_the_academy(desk, inside):
    desk.post(url(f"/assistance/acces/{inside.pk}/fin/", ACADEMY))
    assert not is_in(desk)
    assert fresh(inside).ended_by == "agent"


def test_the_hour_ends_it_without_any_task(desk, inside):
    with time_machine.travel(timezone.now() + timedelta(minutes=59), tick=False):
        assert is_in(desk)
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        assert not is_in(desk)
        assert enter(desk, inside).status_code == 410


def test_the_minute_after_the_hour_its_account_is_closed(inside):
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        with in_public():
            tasks.end_accesses()
        assert fresh(inside).ended_by == "time"
        with in_schema(SCHEMA):
            assert not User.objects.get(pk=inside.account_id).is_active


def test_ended_twice_does_no_harm(inside, lakanal):
    with in_schema(SCHEMA):
        for _turn in range(2):
            accesses.end(actor=lakanal.head, access=inside)
    assert len(entries("support.access_ended")) == 1


def test_the_account_of_an_access_has_no_other_door(inside):
    with in_schema(SCHEMA):
        account = User.objects.get(pk=inside.account_id)
        assert not account.has_usable_password()
        assert (account.email, account.code_digest, account.code_expires_at) == ("", "", None)
