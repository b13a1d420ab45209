"""The charter: a door passed once for each version."""

import pytest

from core import registry
from core.registry import AccountFacts
from core.tenancy import in_schema
from shared_apps.accounts import charter
from shared_apps.accounts.models import User
from shared_apps.audit.models import Entry
from tests.shared_apps.accounts.pages import ACADEMY, NARBONNE, SCHEMAS, account, sign_in, visitor, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def know(monkeypatch):
    def say(**facts):
        monkeypatch.setattr(registry.account_facts, "_items", {"test": lambda user: AccountFacts(**facts)})

    return say


@pytest.fixture
def browser(narbonne):
    account(charter_version="")
    inside = visitor()
    sign_in(inside)
    return inside


def test_nothing_opens_before_it_is_accepted_and_everything_after(browser):
    for page in ("/", "/mon-compte/", "/mots/"):
        assert browser.get(page).url == "/charte/", page
    refused = browser.post("/charte/", {})
    assert refused.status_code in (200, 422)
    assert browser.get("/mon-compte/").url == "/charte/"
    assert browser.post("/charte/", {"accepted": "on"}).url == "/"
    assert browser.get("/mon-compte/").status_code == 200
    with in_schema(SCHEMAS[NARBONNE]):
        user = User.objects.get()
        assert user.charter_version == charter.version(AccountFacts()) and user.charter_accepted_at
        assert Entry.objects.filter(action="accounts.charter_accepted").count() == 1


def test_it_is_accepted_once(browser):
    browser.post("/charte/", {"accepted": "on"})
    later = visitor()
    sign_in(later)
    assert later.get("/mon-compte/").status_code == 200


def test_a_new_version_is_read_and_accepted_again(browser, monkeypatch):
    browser.post("/charte/", {"accepted": "on"})
    monkeypatch.setitem(charter.VERSIONS, "family", "2027-09")
    later = visitor()
    sign_in(later)
    assert "Le texte a changé." in words(later.get("/charte/"))
    assert later.get("/mon-compte/").url == "/charte/"


def test_one_may_leave_without_accepting(browser):
    assert browser.post("/deconnexion/").url == "/connexion/"


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({}, "pas même à mon enfant"),
        ({"is_staff": True}, "Je ne consulte que ce dont mon travail a besoin."),
        ({"is_pupil": True}, "Je suis gentil avec les autres"),
    ],
    ids=["family", "staff", "pupil"],
)
def test_each_reads_the_text_made_for_them(narbonne, know, facts, sentence):
    know(**facts)
    account(charter_version="")
    browser = visitor()
    sign_in(browser)
    assert sentence in words(browser.get("/charte/"))


def test_a_parent_who_begins_to_work_here_reads_the_other_text(narbonne, know):
    account()
    know(is_staff=True)
    browser = visitor()
    sign_in(browser)
    assert browser.get("/mon-compte/").url == "/charte/"


def test_a_child_who_can_not_read_is_not_asked(narbonne, know):
    know(is_pupil=True, is_too_young=True)
    account(charter_version="")
    browser = visitor()
    sign_in(browser)
    assert browser.get("/mon-compte/").status_code == 200


def test_the_second_factor_comes_first(db):
    account(ACADEMY, "lise.martin", charter_version="")
    browser = visitor(ACADEMY)
    sign_in(browser, "lise.martin")
    assert browser.get("/charte/").url == "/second-facteur/"
