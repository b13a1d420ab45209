"""Signing in and out."""

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from core.tenancy import in_schema
from shared_apps.accounts import throttle
from shared_apps.accounts.models import User
from shared_apps.accounts.views.session import HOME
from shared_apps.audit.models import Entry
from tests.shared_apps.accounts.pages import (
    ACADEMY,
    LEZIGNAN,
    NARBONNE,
    SCHEMAS,
    account,
    is_inside,
    sign_in,
    visitor,
    words,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sophie(narbonne):
    return account()


def test_the_right_password_lets_in_and_is_audited(sophie):
    browser = visitor()
    assert sign_in(browser).url == "/"
    assert is_inside(browser)
    with in_schema(SCHEMAS[NARBONNE]):
        assert Entry.objects.get(action="accounts.signed_in").actor_id == sophie.pk


@pytest.mark.parametrize("typed", ["Sophie.Ferrer", " sophie.ferrer ", "SOPHIE.FERRER"])
def test_capitals_and_spaces_around_an_identifier_do_not_matter(sophie, typed):
    assert sign_in(visitor(), typed).status_code == 302


def test_a_wrong_password_says_how_many_tries_are_left(sophie):
    browser = visitor()
    answer = sign_in(browser, password="autre chose")
    assert answer.status_code == 422
    assert "Identifiant ou mot de passe incorrect. Il reste 4 essais." in words(answer)
    assert not is_inside(browser)


def test_an_unknown_identifier_is_answered_like_a_wrong_password(sophie):
    known, unknown = sign_in(visitor(), password="autre chose"), sign_in(visitor(), "inconnu.ferrer", "autre chose")
    assert known.status_code == unknown.status_code == 422
    assert words(known) == words(unknown)


@pytest.mark.parametrize("facts", [{"is_active": False}, {"password": "!jamais choisi", "activated_at": None}])
def test_a_closed_account_and_one_never_activated_stay_out(narbonne, facts):
    account(**facts)
    assert sign_in(visitor()).status_code == 422


def test_an_account_closed_meanwhile_is_out_at_its_next_page(sophie):
    browser = visitor()
    sign_in(browser)
    with in_schema(SCHEMAS[NARBONNE]):
        User.objects.update(is_active=False)
    assert not is_inside(browser)


def test_an_account_of_another_commune_does_not_open_this_one(narbonne, lezignan):
    account(LEZIGNAN)
    assert sign_in(visitor(NARBONNE)).status_code == 422
    assert sign_in(visitor(LEZIGNAN)).status_code == 302


# --- who guesses, and who comes at eight with everybody else


def test_after_five_wrong_tries_each_waits_longer_and_none_is_locked_out(sophie):
    browser = visitor()
    with time_machine.travel("2026-11-24 08:00:00", tick=False) as clock:
        for left in (4, 3, 2, 1):
            assert f"Il reste {left} essai" in words(sign_in(browser, password="non"))
        assert "Le prochain essai devra attendre." in words(sign_in(browser, password="non"))
        for delay in (30, 60, 120, 240, 480, 900, 900):
            refused = words(sign_in(browser))
            minutes = max(1, delay // 60)
            assert f"Trop d’essais. Réessayez dans {minutes} minute" in refused
            assert not is_inside(browser)
            clock.shift(delay + 1)
            assert "incorrect" in words(sign_in(browser, password="non"))
        clock.shift(throttle.LONGEST_DELAY + 1)
        assert sign_in(browser).status_code == 302


def test_tries_refused_while_waiting_do_not_lengthen_the_wait(sophie):
    with time_machine.travel("2026-11-24 08:00:00", tick=False) as clock:
        for _turn in range(50):
            sign_in(visitor(), password="non")
        clock.shift(throttle.FIRST_DELAY + 1)
        assert sign_in(visitor()).status_code == 302


def test_the_limit_of_an_account_holds_from_any_address_and_any_spelling(sophie):
    for turn in range(5):
        sign_in(visitor(), "Sophie.Ferrer", "non", at=f"198.51.100.{turn}")
    assert "Trop d’essais" in words(sign_in(visitor(), at="203.0.113.9"))


def test_a_right_password_gives_the_tries_back(sophie):
    for _turn in range(4):
        sign_in(visitor(), password="non")
    sign_in(visitor())
    assert "Il reste 4 essais" in words(sign_in(visitor(), password="non"))


def test_one_account_blocked_leaves_its_neighbours_in_peace(sophie):
    account(identifier="karim.ferrer")
    for _turn in range(6):
        sign_in(visitor(), password="non")
    assert sign_in(visitor(), "karim.ferrer").status_code == 302


def test_three_hundred_people_behind_one_school_address_are_in_within_five_minutes(narbonne):
    """One a second. One in three mistypes, half a minute before they try again; one in ten twice."""
    with time_machine.travel("2026-11-24 08:25:00", tick=False) as clock:
        for number in range(300):
            account(identifier=f"eleve{number}")
        tries = [(number, "faute de frappe") for number in range(300) if number % 3 == 0]
        tries += [(number + 15, f"faute:{number}") for number in range(300) if number % 10 == 0]
        tries += [(number + 30, f"bon:{number}") for number in range(270)] + [
            (299, f"bon:{n}") for n in range(270, 300)
        ]
        let_in = 0
        for second, what in sorted(tries, key=lambda entry: entry[0]):
            clock.move_to(f"2026-11-24 08:{25 + second // 60}:{second % 60:02}")
            kind, _colon, number = what.partition(":")
            who = f"eleve{number or second}"
            answer = sign_in(visitor(), who) if kind == "bon" else sign_in(visitor(), who, "faute de frappe")
            assert "Trop d’essais" not in words(answer), (second, who)
            let_in += answer.status_code == 302
        assert let_in == 300


def test_those_let_in_make_room_for_more_who_mistype_behind_the_same_address(sophie):
    for number in range(60):
        account(identifier=f"eleve{number}")
        assert sign_in(visitor(), f"eleve{number}", at="203.0.113.9").status_code == 302
    for number in range(throttle.ACCOUNTS_PER_ADDRESS + 60):
        assert "incorrect" in words(sign_in(visitor(), f"autre{number}", "non", at="203.0.113.9")), number
    assert "Trop d’essais" in words(sign_in(visitor(), at="203.0.113.9"))


def test_a_list_of_stolen_passwords_stops_at_forty_accounts(sophie):
    for number in range(throttle.ACCOUNTS_PER_ADDRESS):
        assert "incorrect" in words(sign_in(visitor(), f"vole{number}", "azerty", at="203.0.113.9"))
    assert "Trop d’essais" in words(sign_in(visitor(), at="203.0.113.9"))
    assert sign_in(visitor(), at="192.0.2.50").status_code == 302, "elsewhere the account is free"


def test_who_mistypes_on_a_browser_that_knows_them_is_no_stranger_of_the_address(sophie):
    browser = visitor()
    sign_in(browser, at="192.0.2.50")
    browser.post("/deconnexion/")
    for _turn in range(4):
        assert "incorrect" in words(sign_in(browser, password="non", at="203.0.113.9"))
    for number in range(throttle.ACCOUNTS_PER_ADDRESS):
        assert "incorrect" in words(sign_in(visitor(), f"vole{number}", "azerty", at="203.0.113.9")), number
    assert "Trop d’essais" in words(sign_in(visitor(), "vole", "azerty", at="203.0.113.9"))
    assert sign_in(browser, at="203.0.113.9").status_code == 302


def test_a_proxy_that_is_not_announced_does_not_choose_the_address(sophie):
    for number in range(throttle.ACCOUNTS_PER_ADDRESS):
        typed = {"identifier": f"vole{number}", "password": "azerty"}
        visitor().post("/connexion/", typed, headers={"x-forwarded-for": f"203.0.113.{number}"})
    assert "Trop d’essais" in words(sign_in(visitor(), at="127.0.0.1"))


def test_behind_a_proxy_the_address_is_the_one_it_wrote_last(sophie, settings):
    settings.ENT_BEHIND_PROXY = True
    for number in range(throttle.ACCOUNTS_PER_ADDRESS):
        typed = {"identifier": f"vole{number}", "password": "azerty"}
        visitor().post("/connexion/", typed, headers={"x-forwarded-for": f"10.0.0.{number}, 203.0.113.9"})
    typed = {"identifier": "sophie.ferrer", "password": "non"}
    refused = visitor().post("/connexion/", typed, headers={"x-forwarded-for": "203.0.113.9"})
    let_in = visitor().post("/connexion/", typed, headers={"x-forwarded-for": "203.0.113.8"})
    assert "Trop d’essais" in words(refused)
    assert "incorrect" in words(let_in)


class LostCache:
    def __getattr__(self, name):
        raise ConnectionError("no cache today")


def test_without_its_counters_the_door_is_closed_and_says_so(sophie, monkeypatch):
    monkeypatch.setattr(throttle, "cache", LostCache())
    browser = visitor()
    answer = sign_in(browser)
    assert answer.status_code == 422
    assert "La connexion est fermée pour le moment : nous réparons." in words(answer)
    assert not is_inside(browser)


# --- where one lands


@pytest.mark.parametrize("page", ["/mots/", "/mots/?voir=archives"])
def test_one_comes_back_to_the_page_one_wanted(sophie, page):
    assert sign_in(visitor(), next=page).url == page


@pytest.mark.parametrize(
    "page",
    [
        "https://ailleurs.example/mots/",
        "//ailleurs.example/",
        "http://lezignan-corbieres.localhost/",
        "javascript:alert(1)",
        "\\\\ailleurs.example",
        "http:///ailleurs.example",
        "mots",
        "accounts:account",
        "",
    ],
)
def test_the_next_page_is_one_of_this_host(sophie, page):
    answer = sign_in(visitor(), next=page)
    assert answer.status_code == 302
    assert answer.url in ("/", page) and "ailleurs" not in answer.url and "lezignan" not in answer.url
    assert not answer.url.startswith("javascript")


def test_the_page_wanted_survives_a_wrong_password(sophie):
    page = visitor().post("/connexion/?next=/mots/", {"identifier": "sophie.ferrer", "password": "non"})
    assert '<input type="hidden" name="next" value="/mots/">' in page.content.decode()


@pytest.mark.parametrize("routes", [settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF])
def test_the_home_page_is_the_root_of_each_site(routes):
    assert reverse("home", urlconf=routes) == HOME


def test_each_site_says_what_its_identifiers_look_like_and_what_one_typed_is_for_nobody_else(sophie):
    wrong = sign_in(visitor(), password="autre chose")
    assert 'value="sophie.ferrer"' in wrong.content.decode()
    fresh = visitor().get("/connexion/")
    assert "sophie.ferrer" in words(fresh) and 'value="sophie.ferrer"' not in fresh.content.decode()
    assert "lise.martin" in words(visitor(ACADEMY).get("/connexion/"))


def test_a_page_behind_the_door_leads_to_it_and_back(sophie):
    browser = visitor()
    answer = browser.get("/mon-compte/")
    assert answer.url == "/connexion/?next=/mon-compte/"


# --- sessions


def test_signing_in_gives_the_session_a_new_key_and_a_host_cookie(sophie):
    browser = visitor()
    browser.post("/activer/", {"code": "AAAA-AAAA"})
    browser.session["planted"] = True
    before = browser.session
    before.save()
    browser.cookies[settings.SESSION_COOKIE_NAME] = before.session_key
    answer = sign_in(browser)
    cookie = answer.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie.value != before.session_key
    assert cookie.key == "__Host-session" and cookie["secure"] and cookie["httponly"] and not cookie["domain"]
    stolen = visitor()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = before.session_key
    assert not is_inside(stolen)


def test_signing_out_ends_the_session_on_the_server(sophie):
    browser = visitor()
    sign_in(browser)
    copy = visitor()
    copy.cookies[settings.SESSION_COOKIE_NAME] = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert is_inside(copy)
    assert browser.post("/deconnexion/").url == "/connexion/"
    assert not is_inside(browser) and not is_inside(copy)


def test_signing_out_is_never_a_mere_link(sophie):
    browser = visitor()
    sign_in(browser)
    assert browser.get("/deconnexion/").status_code == 405
    assert is_inside(browser)


def test_signing_out_everywhere_ends_the_other_sessions_and_only_mine(sophie):
    account(identifier="karim.ferrer")
    here, phone, karim = visitor(), visitor(), visitor()
    sign_in(here), sign_in(phone), sign_in(karim, "karim.ferrer")
    answer = here.post("/deconnexion/partout/", follow=True)
    assert "Toutes vos connexions sont fermées." in words(answer)
    assert not is_inside(here) and not is_inside(phone)
    assert is_inside(karim)


def test_a_new_code_from_the_school_ends_the_sessions_and_the_old_password(sophie):
    from shared_apps.accounts import services

    browser = visitor()
    sign_in(browser)
    with in_schema(SCHEMAS[NARBONNE]):
        services.renew_code(actor=None, user=sophie)
    assert not is_inside(browser)
    assert sign_in(visitor()).status_code == 422


@pytest.mark.parametrize("host", [LEZIGNAN, ACADEMY])
def test_a_cookie_of_one_commune_is_nobody_elsewhere(sophie, lezignan, host):
    browser = visitor()
    sign_in(browser)
    thief = visitor(host)
    thief.cookies[settings.SESSION_COOKIE_NAME] = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert not is_inside(thief)


def test_the_form_wants_its_token(sophie):
    from django.test import Client

    browser = Client(headers={"host": NARBONNE}, enforce_csrf_checks=True)
    assert browser.post("/connexion/", {"identifier": "sophie.ferrer", "password": "x"}).status_code == 403
