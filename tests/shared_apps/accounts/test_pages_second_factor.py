"""The academy's staff give a second factor at each sign-in."""

import re
import time

import pyotp
import pytest
import time_machine

from core.tenancy import in_public
from shared_apps.accounts.models import SecondFactor, StaffRole
from tests.shared_apps.accounts.pages import ACADEMY, account, sign_in, visitor, words

pytestmark = pytest.mark.django_db
NOON = "2026-11-24 12:00:00"


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def nadia(db, clock):
    user = account(ACADEMY, "nadia.bousquet", first_name="Nadia", last_name="Bousquet")
    with in_public():
        StaffRole.objects.create(user=user, role=StaffRole.Role.DEPLOYMENT)
    return user


@pytest.fixture
def browser(nadia):
    browser = visitor(ACADEMY)
    sign_in(browser, "nadia.bousquet")
    return browser


def secret_shown(browser) -> str:
    page = browser.get("/second-facteur/installer/").content.decode()
    return re.search(r"<code>([A-Z2-7]{32})</code>", page).group(1)


def give(browser, code: str, page: str = "/second-facteur/"):
    return browser.post(page, {"code": code})


def enrolled(browser) -> pyotp.TOTP:
    phone = pyotp.TOTP(secret_shown(browser))
    assert "Vos codes de secours" in words(give(browser, phone.now(), "/second-facteur/installer/"))
    return phone


def is_free(browser) -> bool:
    return browser.get("/statistiques/").status_code == 200


def test_a_password_alone_reaches_no_page(browser):
    for page in ("/", "/communes/", "/statistiques/", "/mon-compte/", "/communes/11262/"):
        assert browser.get(page).url == "/second-facteur/", page
    assert browser.get("/second-facteur/").url == "/second-facteur/installer/"


def test_a_password_alone_changes_nothing(browser):
    assert browser.post("/communes/11262/ouvrir/").status_code in (302, 404)
    assert browser.post("/deconnexion/partout/").url == "/second-facteur/"


def test_enrolling_shows_a_picture_and_a_key_then_opens(browser):
    page = browser.get("/second-facteur/installer/").content.decode()
    assert "<svg" in page
    enrolled(browser)
    assert is_free(browser)


def test_the_key_is_the_same_until_it_is_confirmed_and_encrypted(browser, nadia):
    secret = secret_shown(browser)
    assert secret_shown(browser) == secret
    with in_public():
        kept = bytes(SecondFactor.objects.get(user=nadia).secret)
    assert secret.encode() not in kept


def test_a_wrong_first_code_enrols_nothing(browser):
    secret_shown(browser)
    answer = give(browser, "000000", "/second-facteur/installer/")
    assert answer.status_code == 422
    assert "Ce code n’est pas le bon" in words(answer)
    assert not is_free(browser)


def test_the_next_session_asks_again(browser, clock):
    phone = enrolled(browser)
    clock.shift(60)
    later = visitor(ACADEMY)
    sign_in(later, "nadia.bousquet")
    assert later.get("/communes/").url == "/second-facteur/"
    assert later.get("/second-facteur/installer/").url == "/second-facteur/", "a thief must not enrol a phone of theirs"
    assert give(later, phone.now()).url == "/"
    assert is_free(later)


def test_a_code_is_good_once(browser, clock):
    phone = enrolled(browser)
    clock.shift(60)
    code = phone.now()
    first, second = visitor(ACADEMY), visitor(ACADEMY)
    sign_in(first, "nadia.bousquet"), sign_in(second, "nadia.bousquet")
    assert give(first, code).status_code == 302
    answer = give(second, code)
    assert "il a déjà servi" in words(answer)
    assert not is_free(second)


def test_a_clock_half_a_minute_off_is_forgiven_not_more(browser, clock):
    phone = enrolled(browser)
    clock.shift(300)
    late = visitor(ACADEMY)
    sign_in(late, "nadia.bousquet")
    now = int(time.time())
    assert give(late, phone.at(now - 90)).status_code == 422
    assert give(late, phone.at(now - 30)).status_code == 302


def test_five_wrong_codes_and_the_right_one_waits(browser, clock):
    phone = enrolled(browser)
    clock.shift(60)
    thief = visitor(ACADEMY)
    sign_in(thief, "nadia.bousquet")
    for _turn in range(5):
        assert "pas le bon" in words(give(thief, "000000"))
    assert "Trop d’essais" in words(give(thief, phone.now()))
    assert not is_free(thief)


def test_a_code_with_a_space_is_read(browser, clock):
    phone = enrolled(browser)
    clock.shift(60)
    later = visitor(ACADEMY)
    sign_in(later, "nadia.bousquet")
    code = phone.now()
    assert give(later, f"{code[:3]} {code[3:]}").status_code == 302


def test_the_second_factor_gives_the_session_a_new_key(browser, clock):
    from django.conf import settings

    before = browser.cookies[settings.SESSION_COOKIE_NAME].value
    enrolled(browser)
    assert browser.cookies[settings.SESSION_COOKIE_NAME].value != before
    copy = visitor(ACADEMY)
    copy.cookies[settings.SESSION_COOKIE_NAME] = before
    assert copy.get("/communes/").url.startswith("/connexion/")


def test_who_lost_the_phone_can_still_leave(browser):
    assert browser.post("/deconnexion/").url == "/connexion/"


def test_an_activated_colleague_is_led_to_the_second_factor(db, clock):
    from shared_apps.accounts import services

    with in_public():
        user = services.create_account(first_name="Élodie", last_name="Marty")
        code = services.activation_code(user)
    browser = visitor(ACADEMY)
    browser.post("/activer/", {"code": code})
    browser.post("/activer/mot-de-passe/", {"password": "une phrase que je retiens", "email": ""})
    assert browser.get("/").url == "/second-facteur/"
