"""Passkeys: made for one host, asked at each sign-in, removed by their owner."""

import html
import json
import re

import pytest

from core.tenancy import in_schema
from shared_apps.accounts.models import SecondFactor
from shared_apps.notifications.models import Notification
from tests.shared_apps.accounts.authenticator import Authenticator
from tests.shared_apps.accounts.pages import LEZIGNAN, NARBONNE, SCHEMAS, account, sign_in, visitor, words

pytestmark = pytest.mark.django_db
ADD, VERIFY, ANSWER = "/second-facteur/cle/ajouter/", "/second-facteur/", "/second-facteur/cle/"


@pytest.fixture
def sophie(narbonne):
    return account()


@pytest.fixture
def browser(sophie):
    inside = visitor()
    sign_in(inside)
    return inside


@pytest.fixture
def key(browser):
    made = Authenticator(NARBONNE)
    assert "Vos codes de secours" in words(add(browser, made))
    return made


def options(browser, page: str) -> dict:
    return json.loads(html.unescape(re.search(r'data-options="([^"]+)"', browser.get(page).content.decode()).group(1)))


def add(browser, key: Authenticator, name: str = "Mon téléphone"):
    return browser.post(ADD, {"name": name, "answer": key.create(options(browser, ADD))})


def give(browser, key: Authenticator):
    return browser.post(ANSWER, {"answer": key.get(options(browser, VERIFY))})


def again() -> object:
    later = visitor()
    sign_in(later)
    return later


def test_a_key_is_added_listed_with_its_name_and_told(sophie, browser, key):
    page = words(browser.get("/mon-compte/"))
    assert "Mon téléphone" in page and "Il vous reste 10 codes de secours" in page
    with in_schema(SCHEMAS[NARBONNE]):
        assert Notification.objects.filter(user=sophie, kind="accounts.second_factor").count() == 1


def test_the_next_sign_in_asks_for_the_key_and_opens_with_it(browser, key):
    later = again()
    assert later.get("/mon-compte/").url == VERIFY
    assert give(later, key).url == "/"
    assert "Mon téléphone" in words(later.get("/mon-compte/"))
    with in_schema(SCHEMAS[NARBONNE]):
        factor = SecondFactor.objects.get()
        assert factor.last_used_at is not None and factor.sign_count == 1


def test_another_key_a_key_of_another_host_and_a_replay_open_nothing(browser, key):
    later = again()
    assert give(later, Authenticator(NARBONNE)).status_code == 422
    assert give(later, Authenticator.copy_of(key, "lezignan-corbieres.localhost")).status_code == 422
    taken = key.get(options(later, VERIFY))
    assert later.post(ANSWER, {"answer": taken}).url == "/"
    thief = again()
    options(thief, VERIFY)
    refused = thief.post(ANSWER, {"answer": taken})
    assert refused.status_code == 422 and "n’a pas été reconnue" in words(refused)
    assert thief.get("/mon-compte/").url == VERIFY


def test_a_copied_key_whose_count_goes_back_is_refused(browser, key):
    copy = Authenticator.copy_of(key)
    for _turn in range(2):
        assert give(again(), key).status_code == 302
    assert give(again(), copy).status_code == 422


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "pas du json", '{"id": "x", "rawId": "x"}'])
def test_an_answer_that_is_not_one_is_refused_in_words(browser, key, answer):
    later = again()
    options(later, VERIFY)
    refused = later.post(ANSWER, {"answer": answer})
    assert refused.status_code == 422 and "n’a pas été reconnue" in words(refused)
    assert browser.post(ADD, {"name": "x", "answer": answer}).status_code == 422


def test_a_challenge_serves_once_even_wrong(browser, key):
    later = again()
    asked = options(later, VERIFY)
    later.post(ANSWER, {"answer": "{}"})
    assert later.post(ANSWER, {"answer": key.get(asked)}).status_code == 422


def test_a_password_alone_adds_no_key_where_there_is_one(browser, key):
    thief = again()
    assert thief.get(ADD).url == VERIFY
    assert thief.post(ADD, {"name": "voleur", "answer": "{}"}).url == VERIFY


def test_a_removed_key_opens_nothing_and_its_recovery_codes_pass_on(browser, key):
    other = Authenticator(NARBONNE)
    assert add(browser, other, "Clé bleue").url == "/mon-compte/"
    with in_schema(SCHEMAS[NARBONNE]):
        first = SecondFactor.objects.get(name="Mon téléphone")
    assert browser.post(f"/mon-compte/protections/{first.pk}/retirer/").status_code == 302
    page = words(browser.get("/mon-compte/"))
    assert "Mon téléphone" not in page and "Il vous reste 10 codes de secours" in page
    later = again()
    assert give(later, key).status_code == 422
    assert give(later, other).status_code == 302


def test_one_does_not_remove_the_key_of_another(sophie, browser, key):
    account(identifier="karim.ferrer")
    karim = visitor()
    sign_in(karim, "karim.ferrer")
    with in_schema(SCHEMAS[NARBONNE]):
        factor = SecondFactor.objects.get()
    assert karim.post(f"/mon-compte/protections/{factor.pk}/retirer/").status_code == 404


def test_a_key_of_one_commune_is_nothing_in_another(browser, key, lezignan):
    account(LEZIGNAN)
    elsewhere = visitor(LEZIGNAN)
    sign_in(elsewhere)
    asked = options(elsewhere, ADD)
    assert asked["rp"]["id"] == LEZIGNAN
    # A page of Narbonne that asks for Lézignan's challenge says its own origin.
    assert elsewhere.post(ADD, {"name": "x", "answer": Authenticator(NARBONNE).create(asked)}).status_code == 422
