"""From the sheet of the school to the first page: code, password, inside."""

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session

from core.tenancy import in_schema
from shared_apps.accounts import services, throttle
from shared_apps.accounts.models import User
from shared_apps.accounts.sheets import Sheet
from tests.shared_apps.accounts.pages import (
    LEZIGNAN,
    NARBONNE,
    PASSWORD,
    SCHEMAS,
    account,
    is_inside,
    sign_in,
    visitor,
    words,
)

pytestmark = pytest.mark.django_db


def newcomer(host: str = NARBONNE, first_name: str = "Sophie", last_name: str = "Ferrer", **facts) -> tuple[User, str]:
    """An account as the school makes it, and the code of its sheet."""
    with in_schema(SCHEMAS[host]):
        user = services.create_account(first_name=first_name, last_name=last_name, **facts)
        return user, Sheet.of(user, school="École Lakanal", detail="pour Inès").code


def type_code(browser, code: str, *, at: str = "192.0.2.1"):
    return browser.post("/activer/", {"code": code}, REMOTE_ADDR=at)


def choose(browser, password: str = PASSWORD, email: str = ""):
    return browser.post("/activer/mot-de-passe/", {"password": password, "email": email})


@pytest.fixture
def sophie(narbonne):
    return newcomer()


def test_the_code_of_the_sheet_opens_the_account_of_its_person(sophie):
    user, code = sophie
    browser = visitor()
    assert type_code(browser, code).url == "/activer/mot-de-passe/"
    page = words(browser.get("/activer/mot-de-passe/"))
    assert "Ce code ouvre le compte de Sophie Ferrer" in page and "sophie.ferrer" in page
    assert choose(browser, email="sophie@example.org").url == "/charte/"
    assert "ouvrez son lien pour confirmer" in words(browser.get("/charte/"))
    assert browser.post("/charte/", {"accepted": "on"}).url == "/"
    assert is_inside(browser)
    with in_schema(SCHEMAS[NARBONNE]):
        assert User.objects.get(pk=user.pk).email == "", "it waits for its confirmation"
        assert user.address_changes.get().new_email == "sophie@example.org"


def test_the_password_chosen_is_the_one_that_signs_in(sophie):
    browser = visitor()
    type_code(browser, sophie[1])
    choose(browser)
    assert sign_in(visitor()).status_code == 302


def test_a_code_may_be_typed_as_hands_type(sophie):
    _user, code = sophie
    for typed in (code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        assert type_code(visitor(), typed).status_code == 302, typed


def test_the_picture_of_the_sheet_fills_the_code_in(sophie):
    page = visitor().get("/activer/", {"code": sophie[1]})
    assert f'value="{sophie[1]}"' in page.content.decode()


def test_a_code_serves_once_and_says_when_it_did(sophie):
    with time_machine.travel("2026-11-24 08:00:00", tick=False):
        browser = visitor()
        type_code(browser, sophie[1])
        choose(browser)
        answer = type_code(visitor(), sophie[1])
    assert answer.status_code == 422
    assert "Ce code a déjà servi le 24 novembre." in words(answer)


def test_of_two_pages_open_with_one_code_the_second_changes_nothing(sophie):
    first, second = visitor(), visitor()
    type_code(first, sophie[1]), type_code(second, sophie[1])
    choose(first)
    answer = choose(second, "un tout autre mot de passe")
    assert answer.url == "/activer/"
    assert "Ce code a déjà servi" in words(second.get("/activer/"))
    assert sign_in(visitor()).status_code == 302
    assert not is_inside(second)


def test_a_code_ends_after_its_fourteen_days(sophie):
    with time_machine.travel(sophie[0].code_expires_at, tick=False) as clock:
        assert "Ce code est périmé." in words(type_code(visitor(), sophie[1]))
        clock.shift(-1)
        assert type_code(visitor(), sophie[1]).status_code == 302


@pytest.mark.parametrize("code", ["AAAA-AAAA", "x", "é€'\"", "-- --"])
def test_a_code_that_nobody_gave_is_refused(sophie, code):
    answer = type_code(visitor(), code)
    assert answer.status_code == 422
    assert "Ce code n’existe pas ici." in words(answer)


def test_the_code_of_another_commune_opens_nothing_here(sophie, lezignan):
    assert type_code(visitor(LEZIGNAN), sophie[1]).status_code == 422
    assert type_code(visitor(NARBONNE), sophie[1]).status_code == 302


def test_twins_of_two_communes_have_other_codes(narbonne, lezignan):
    user, code = newcomer(NARBONNE)
    with in_schema(SCHEMAS[LEZIGNAN]):
        twin = User(pk=user.pk, code_generation=user.code_generation)
        assert services.activation_code(twin) != code


def test_a_renewed_code_revokes_the_one_before(sophie):
    user, code = sophie
    with in_schema(SCHEMAS[NARBONNE]):
        renewed = services.renew_code(actor=None, user=user)
    assert "n’existe pas ici" in words(type_code(visitor(), code))
    assert type_code(visitor(), renewed).status_code == 302


def test_a_code_renewed_while_its_page_is_open_is_spent(sophie):
    user, code = sophie
    browser = visitor()
    type_code(browser, code)
    with in_schema(SCHEMAS[NARBONNE]):
        services.renew_code(actor=None, user=user)
    assert choose(browser).url == "/activer/"
    assert not is_inside(browser)


def test_a_closed_account_is_not_activated(sophie):
    user, code = sophie
    with in_schema(SCHEMAS[NARBONNE]):
        User.objects.filter(pk=user.pk).update(is_active=False)
    assert type_code(visitor(), code).status_code == 422


def test_without_a_code_there_is_no_password_to_choose(narbonne):
    """An account without code (its digest is empty) must not be found by an empty one."""
    account(password="!")
    browser = visitor()
    assert browser.get("/activer/mot-de-passe/").url == "/activer/"
    assert choose(browser).url == "/activer/"
    assert not is_inside(browser)


def test_the_code_itself_is_kept_nowhere(sophie):
    browser = visitor()
    type_code(browser, sophie[1])
    plain = sophie[1].replace("-", "")
    with in_schema(SCHEMAS[NARBONNE]):
        kept = [str(row.get_decoded()) for row in Session.objects.all()]
        user = User.objects.values().get(pk=sophie[0].pk)
    assert kept
    assert not [row for row in [*kept, str(user)] if plain in row or sophie[1] in row]


def test_activating_on_a_computer_where_another_is_signed_in_changes_the_person(sophie):
    account(identifier="karim.ferrer", first_name="Karim")
    browser = visitor()
    sign_in(browser, "karim.ferrer")
    before = browser.cookies[settings.SESSION_COOKIE_NAME].value
    type_code(browser, sophie[1])
    choose(browser)
    browser.post("/charte/", {"accepted": "on"})
    assert "Sophie Ferrer" in words(browser.get("/mon-compte/"))
    assert browser.cookies[settings.SESSION_COOKIE_NAME].value != before


# --- the password


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("court", "12 caractères"),
        ("", "obligatoire"),
        ("telechargement", "courant"),
        ("sophie.ferrer", "trop semblable"),
    ],
)
def test_a_weak_password_is_refused_in_french_and_nothing_is_spent(sophie, password, why):
    browser = visitor()
    type_code(browser, sophie[1])
    answer = choose(browser, password)
    assert answer.status_code == 422
    assert why in words(answer)
    assert not is_inside(browser)
    assert choose(browser).status_code == 302


def test_spaces_of_a_password_are_its_own(sophie):
    browser = visitor()
    type_code(browser, sophie[1])
    choose(browser, "  une phrase  avec espaces ")
    assert sign_in(visitor(), password="une phrase  avec espaces").status_code == 422
    assert sign_in(visitor(), password="  une phrase  avec espaces ").status_code == 302


def test_a_wrong_address_is_said_and_an_absent_one_is_fine(sophie):
    browser = visitor()
    type_code(browser, sophie[1])
    assert choose(browser, email="sophie(at)example").status_code == 422
    assert choose(browser, email="").status_code == 302


# --- who guesses


def test_guessing_codes_from_one_address_is_stopped(sophie):
    for number in range(throttle.CODES_PER_ADDRESS):
        assert "n’existe pas" in words(type_code(visitor(), f"AAAA-{number:04}", at="203.0.113.9"))
    assert "Trop d’essais" in words(type_code(visitor(), sophie[1], at="203.0.113.9"))
    assert type_code(visitor(), sophie[1], at="192.0.2.7").status_code == 302


def test_a_meeting_of_parents_activates_behind_one_address(narbonne):
    codes = [newcomer(first_name=f"Parent{number}")[1] for number in range(throttle.CODES_PER_ADDRESS + 20)]
    for code in codes:
        assert type_code(visitor(), code).status_code == 302
    assert type_code(visitor(), "AAAA-AAAA").status_code == 422


class LostCache:
    def __getattr__(self, name):
        raise ConnectionError("no cache today")


def test_without_its_counters_activation_is_closed_too(sophie, monkeypatch):
    monkeypatch.setattr(throttle, "cache", LostCache())
    assert "La connexion est fermée pour le moment" in words(type_code(visitor(), sophie[1]))
