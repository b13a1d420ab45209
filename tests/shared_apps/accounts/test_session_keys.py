"""The key of a session names its account, so that both are read in one message. It is a hint, and opens nothing."""

import base64
import uuid

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.crypto import get_random_string

from core.session_store import DRAWN, NAMED, SessionStore, account_of
from core.tenancy import in_schema
from shared_apps.accounts.backends import COMPANION
from shared_apps.accounts.models import User
from tests.shared_apps.accounts.pages import NARBONNE, PASSWORD, SCHEMAS, account, sign_in, visitor

pytestmark = pytest.mark.django_db
COOKIE = settings.SESSION_COOKIE_NAME


@pytest.fixture
def sophie(narbonne):
    return account(email="sophie@exemple.fr")


@pytest.fixture
def karim(narbonne):
    return account(identifier="karim.haddad", first_name="Karim", email="karim@exemple.fr")


@pytest.fixture
def browser(sophie):
    browser = visitor()
    sign_in(browser)
    return browser


def key_of(browser: Client) -> str:
    return browser.cookies[COOKIE].value


def who(browser: Client) -> str:
    """Whose account page this cookie opens; nothing when it opens none."""
    answer = browser.get("/mon-compte/")
    return str(answer.context["user"].identifier) if answer.status_code == 200 else ""


def with_key(key: str) -> Client:
    browser = visitor()
    browser.cookies[COOKIE] = key
    return browser


def named(account: uuid.UUID) -> str:
    name = base64.urlsafe_b64encode(account.bytes).rstrip(b"=").decode()
    return name + get_random_string(DRAWN)


def rename(before: str, after: str) -> None:
    with in_schema(SCHEMAS[NARBONNE]):
        assert Session.objects.filter(session_key=before).update(session_key=after) == 1


def test_a_sign_in_gives_a_key_that_names_the_account(sophie, browser):
    key = key_of(browser)
    assert len(key) == NAMED + DRAWN == Session._meta.pk.max_length
    assert account_of(key) == sophie.pk
    assert len({sign_in(visitor()).cookies[COOKIE].value[NAMED:] for _turn in range(5)}) == 5


def test_it_takes_one_message_to_know_the_session_its_account_and_what_they_are(sophie, browser):
    for _turn in range(3):
        assert who(browser) == sophie.identifier
    with CaptureQueriesContext(connection) as asked:
        browser.get("/mon-compte/")
    first = asked.captured_queries[0]["sql"]
    assert not [query for query in asked.captured_queries[1:] if "accounts_user" in query["sql"].partition("WHERE")[0]]
    assert sophie.pk.hex in first.replace("-", "")


def test_a_key_drawn_for_another_session_of_the_same_account_opens_nothing(sophie, browser):
    assert who(with_key(named(sophie.pk))) == ""
    assert who(browser) == sophie.identifier


def test_a_session_under_a_key_that_names_another_is_its_own_account_s(sophie, karim, browser):
    """Only who writes in the database could do it: even so, the hint alone gives nobody another's account."""
    key = named(karim.pk)
    rename(key_of(browser), key)
    liar = with_key(key)
    assert who(liar) == sophie.identifier
    with in_schema(SCHEMAS[NARBONNE]):
        store = SessionStore(key)
        assert store[SESSION_KEY] == str(sophie.pk)
        assert store.came_along(COMPANION, karim.pk) is None
        assert store.came_along(COMPANION, sophie.pk) is None


def test_what_came_is_of_the_schema_where_it_was_read(sophie, browser, lezignan):
    with in_schema(SCHEMAS[NARBONNE]):
        store = SessionStore(key_of(browser))
        assert [row.pk for row in store.came_along(COMPANION, sophie.pk)] == [sophie.pk]
        with in_schema(lezignan.schema_name):
            assert store.came_along(COMPANION, sophie.pk) is None


def test_another_s_data_in_one_s_own_session_are_another_s_session(sophie, karim, browser):
    """The row of the session swapped: what its data say counts, not what its key says."""
    other = visitor()
    sign_in(other, identifier=karim.identifier)
    with in_schema(SCHEMAS[NARBONNE]):
        data = Session.objects.get(session_key=key_of(other)).session_data
        Session.objects.filter(session_key=key_of(browser)).update(session_data=data)
    assert who(browser) == karim.identifier


@pytest.mark.parametrize(
    "change",
    [
        lambda key: key[:-1],
        lambda key: key[1:],
        lambda key: key[:NAMED],
        lambda key: key[NAMED:],
        lambda key: key + "A",
        lambda key: f"{key[:NAMED]}{'A' * DRAWN}",
        lambda key: f"{'*' * NAMED}{key[NAMED:]}",
        lambda key: f"{'=' * NAMED}{key[NAMED:]}",
        lambda key: f"{'é' * NAMED}{key[NAMED:]}",
        lambda key: f"' OR 1=1 --{key[11:]}",
        lambda key: f"%s$1{key[4:]}",
        lambda key: key.swapcase(),
        lambda key: "",
    ],
)
def test_a_key_that_is_not_the_one_given_opens_nothing(sophie, browser, change):
    assert who(with_key(change(key_of(browser)))) == ""
    assert who(browser) == sophie.identifier


@pytest.mark.parametrize("key", ["A" * 39, "A" * 41, "*" * 40, "é" * 40, "=" * 40, "A" * 21 + "B" + "A" * 18, ""])
def test_what_names_no_account_is_no_hint(key):
    """The last but three: its 22nd character has bits that no id has."""
    assert account_of(key) is None


def test_a_session_of_before_under_a_key_that_names_nobody_still_opens(sophie, browser):
    key = get_random_string(32, VALID_KEY_CHARS)
    rename(key_of(browser), key)
    assert who(with_key(key)) == sophie.identifier


def test_an_account_that_ended_is_nobody_at_its_next_request(sophie, browser):
    assert who(browser) == sophie.identifier
    with in_schema(SCHEMAS[NARBONNE]):
        User.objects.filter(pk=sophie.pk).update(is_active=False)
    assert who(browser) == ""


def test_a_password_changed_elsewhere_ends_it_too(sophie, browser):
    with in_schema(SCHEMAS[NARBONNE]):
        sophie.set_password(f"{PASSWORD} autre")
        sophie.save()
    assert who(browser) == ""


def test_another_account_in_the_same_browser_has_another_key(sophie, karim, browser):
    before = key_of(browser)
    browser.post("/deconnexion/")
    sign_in(browser, identifier=karim.identifier)
    assert account_of(key_of(browser)) == karim.pk
    assert who(browser) == karim.identifier
    assert who(with_key(before)) == ""


def test_a_new_key_names_the_account_still(sophie, browser):
    with in_schema(SCHEMAS[NARBONNE]):
        store = SessionStore(key_of(browser))
        assert store[SESSION_KEY]
        store.cycle_key()
        store.save()
        assert account_of(store.session_key) == sophie.pk
    assert who(browser) == ""
    assert who(with_key(store.session_key)) == sophie.identifier


def test_who_is_not_signed_in_has_a_key_that_names_nobody(narbonne):
    with in_schema(SCHEMAS[NARBONNE]):
        store = SessionStore()
        store["planted"] = True
        store.save()
        assert account_of(store.session_key) is None
        again = SessionStore(store.session_key)
        assert again["planted"] and again.came_along(COMPANION, uuid.uuid4()) is None
