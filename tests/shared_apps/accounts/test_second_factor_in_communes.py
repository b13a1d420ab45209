"""Who opens the data of many gives a second factor; two weeks are left to install it."""

import pyotp
import pytest
import time_machine
from django.utils import timezone

from core import registry
from core.registry import AccountFacts
from core.tenancy import in_schema
from shared_apps.accounts import charter, factors, totp
from shared_apps.accounts.models import User
from tests.shared_apps.accounts.pages import NARBONNE, SCHEMAS, account, sign_in, visitor, words

pytestmark = pytest.mark.django_db
ENROL, VERIFY = "/second-facteur/installer/", "/second-facteur/"


@pytest.fixture
def clock():
    with time_machine.travel("2026-11-24 08:00:00", tick=False) as clock:
        yield clock


@pytest.fixture
def martine(narbonne, clock, monkeypatch):
    facts = AccountFacts(is_staff=True, needs_second_factor=True)
    monkeypatch.setattr(registry.account_facts, "_items", {"test": lambda user: facts})
    return account(identifier="martine.calas", first_name="Martine", charter_version=charter.version(facts))


def inside():
    browser = visitor()
    return browser, sign_in(browser, "martine.calas")


def enrolled(user) -> pyotp.TOTP:
    browser, _answer = inside()
    browser.get(ENROL)
    with in_schema(SCHEMAS[NARBONNE]):
        _factor, secret = totp.begin(user)
    phone = pyotp.TOTP(secret)
    assert "Vos codes de secours" in words(browser.post(ENROL, {"code": phone.now()}))
    return phone


def test_it_is_proposed_at_each_sign_in_with_its_date_and_may_wait(martine):
    browser, answer = inside()
    assert answer.url == ENROL
    page = words(browser.get(ENROL))
    assert "C’est à faire avant le mardi 8 décembre" in page.replace("\u00a0", " ") and "Plus tard" in page
    assert browser.get("/mon-compte/").status_code == 200


def test_when_the_time_is_over_nothing_else_opens(martine, clock):
    inside()
    clock.shift(factors.GRACE.total_seconds() - 1)
    assert inside()[0].get("/mon-compte/").status_code == 200
    clock.shift(2)
    browser, _answer = inside()
    assert browser.get("/mon-compte/").url == VERIFY
    assert browser.get(VERIFY).url == ENROL
    assert "Plus tard" not in words(browser.get(ENROL))
    assert browser.post("/deconnexion/").url == "/connexion/"


def test_the_date_is_set_by_the_first_sign_in_and_not_moved_by_the_next(martine, clock):
    inside()
    clock.shift(86_400)
    inside()
    with in_schema(SCHEMAS[NARBONNE]):
        due = User.objects.get(pk=martine.pk).second_factor_due_at
    assert f"{timezone.localtime(due):%Y-%m-%d %H:%M}" == "2026-12-08 08:00"


def test_once_installed_it_is_asked_at_each_sign_in(martine, clock):
    phone = enrolled(martine)
    clock.shift(60)
    browser, _answer = inside()
    assert browser.get("/mon-compte/").url == VERIFY
    assert browser.post(VERIFY, {"code": phone.now()}).url == "/"
    assert browser.get("/mon-compte/").status_code == 200


def test_the_last_one_is_not_removed_by_who_must_have_one(martine, clock):
    phone = enrolled(martine)
    clock.shift(60)
    browser, _answer = inside()
    browser.post(VERIFY, {"code": phone.now()})
    with in_schema(SCHEMAS[NARBONNE]):
        factor = factors.of(martine).get()
    browser.post(f"/mon-compte/protections/{factor.pk}/retirer/")
    assert "C’est votre seule protection." in words(browser.get("/mon-compte/"))
    with in_schema(SCHEMAS[NARBONNE]):
        assert factors.of(martine).exists()


def test_a_parent_is_asked_for_nothing_but_may_install_one(narbonne, clock):
    account()
    browser = visitor()
    assert sign_in(browser).url == "/"
    assert browser.get(ENROL).status_code == 200


def test_a_pupil_has_none(narbonne, monkeypatch):
    facts = AccountFacts(is_pupil=True)
    monkeypatch.setattr(registry.account_facts, "_items", {"test": lambda user: facts})
    account(charter_version=charter.version(facts))
    browser = visitor()
    sign_in(browser)
    assert browser.get(ENROL).url == "/mon-compte/"
    assert "Second facteur" not in words(browser.get("/mon-compte/"))
