"""Without the phone: recovery codes, then an administrator."""

import re

import pyotp
import pytest

from core.tenancy import in_public
from shared_apps.accounts import totp
from shared_apps.accounts.models import SecondFactor
from shared_apps.audit.models import Entry
from tests.shared_apps.accounts.pages import ACADEMY, account, sign_in, visitor, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def nadia(db):
    return account(ACADEMY, "nadia.bousquet")


def inside(nadia):
    browser = visitor(ACADEMY)
    sign_in(browser, "nadia.bousquet")
    return browser


def codes_shown(answer) -> list[str]:
    return re.findall(r">([A-Z0-9]{4}-[A-Z0-9]{4})<", answer.content.decode())


@pytest.fixture
def codes(nadia):
    """Those shown at the end of the enrolment."""
    browser = inside(nadia)
    with in_public():
        _factor, secret = totp.begin(nadia)
    return codes_shown(browser.post("/second-facteur/installer/", {"code": pyotp.TOTP(secret).now()}))


def recover(browser, code: str):
    return browser.post("/second-facteur/secours/", {"code": code})


def test_ten_codes_are_shown_once_when_the_phone_is_registered(codes):
    assert len(set(codes)) == totp.RECOVERY_CODES == 10


def test_a_code_stands_in_for_the_phone_once(nadia, codes):
    browser = inside(nadia)
    assert browser.get("/").url == "/second-facteur/"
    assert recover(browser, codes[0].lower().replace("-", " ")).url == "/mon-compte/"
    assert "Il vous reste 9 codes de secours." in words(browser.get("/mon-compte/"))
    again = inside(nadia)
    assert "il a déjà servi" in words(recover(again, codes[0]))
    assert again.get("/").url == "/second-facteur/"
    assert recover(again, codes[1]).status_code == 302


def test_the_codes_are_kept_nowhere(nadia, codes):
    with in_public():
        kept = str(SecondFactor.objects.values().get())
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]


def test_guessing_is_stopped_together_with_the_codes_of_the_phone(nadia, codes):
    browser = inside(nadia)
    for _turn in range(3):
        recover(browser, "AAAA-AAAA")
    for _turn in range(2):
        browser.post("/second-facteur/", {"code": "000000"})
    assert "Trop d’essais" in words(recover(browser, codes[0]))


def test_new_codes_revoke_those_before(nadia, codes):
    browser = inside(nadia)
    recover(browser, codes[0])
    renewed = codes_shown(browser.post("/mon-compte/codes-de-secours/"))
    assert len(renewed) == 10
    later = inside(nadia)
    assert recover(later, codes[1]).status_code == 422
    assert recover(later, renewed[0]).status_code == 302


def test_a_password_alone_neither_makes_nor_sees_codes(nadia, codes):
    thief = inside(nadia)
    assert thief.post("/mon-compte/codes-de-secours/").url == "/second-facteur/"
    assert recover(thief, codes[0]).status_code == 302, "and those of before still serve"


def test_codes_are_never_made_by_a_link(nadia, codes):
    browser = inside(nadia)
    recover(browser, codes[0])
    assert browser.get("/mon-compte/codes-de-secours/").status_code == 405


def test_without_a_phone_there_is_nothing_to_recover(nadia):
    assert inside(nadia).get("/second-facteur/secours/").url == "/second-facteur/installer/"


def test_a_forgotten_factor_is_installed_anew_and_its_forgetting_is_audited(nadia, codes):
    with in_public():
        administrator = account(ACADEMY, "admin")
        totp.forget(actor=administrator, user=nadia)
        assert Entry.objects.get(action="accounts.second_factor_forgotten").actor_id == administrator.pk
    browser = inside(nadia)
    assert recover(browser, codes[0]).url == "/second-facteur/installer/"


def test_only_the_demo_lets_somebody_in_with_the_factor_already_given(nadia, rf, settings):
    from core.session_store import SessionStore
    from shared_apps.accounts.sessions import SECOND_FACTOR_KEY, enter

    for demo in (True, False):
        settings.ENT_DEMO = demo
        request = rf.get("/")
        with in_public():
            request.session = SessionStore()
            enter(request, nadia, second_factor=True)
        assert request.session.get(SECOND_FACTOR_KEY, False) is demo
