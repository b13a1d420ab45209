"""How a session is written: with the sign-in that opens it, once, in words that a later version still reads."""

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as SignedStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.frozen import Frozen
from core.frozen_sql import Written
from core.session_store import SessionStore
from core.tenancy import in_schema
from shared_apps.accounts.views import session as pages
from shared_apps.audit.models import Entry
from tenants.hosts import hosts
from tests.shared_apps.accounts.pages import NARBONNE, SCHEMAS, account, is_inside, sign_in, visitor
from tests.support.wire import messages_to

COOKIE = settings.SESSION_COOKIE_NAME
HERE = SCHEMAS[NARBONNE]


def sign_in_again(browser: Client) -> None:
    del browser.cookies[COOKIE]
    assert sign_in(browser).status_code == 302


def test_a_browser_that_comes_back_costs_two_messages(own_database, monkeypatch):
    """Who it is, and what is known of them; that they came back, their session, the entry of the journal, the end."""
    monkeypatch.setattr(Frozen, "is_checked", False)  # each asked alone besides, in tests
    account()
    browser = visitor()
    hosts.clear()
    sign_in(browser)
    sign_in_again(browser)
    with messages_to(own_database) as messages:
        sign_in_again(browser)
        messages.clear()
        sign_in_again(browser)
    messages = [text for text in messages if "LISTEN" not in text]
    assert len(messages) == 2, messages
    assert messages[1].startswith("BEGIN;")
    assert messages[1].count("SET LOCAL ROLE") == 1
    assert "synchronous_commit = off" in messages[1]  # a power cut would take the whole sign-in along
    assert messages[-1].endswith(";COMMIT")
    assert is_inside(browser)


@pytest.mark.django_db
def test_one_whose_entry_fails_opens_no_session(narbonne, monkeypatch):
    account()
    browser = visitor()
    browser.raise_request_exception = False

    def fail(**_entry: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(pages, "record", fail)
    assert sign_in(browser).status_code == 500
    with in_schema(HERE):
        assert not Session.objects.exists()
        assert not Entry.objects.filter(action="accounts.signed_in").exists()


@pytest.mark.django_db
def test_what_is_kept_is_written_once_and_a_later_word_again(in_narbonne):
    store = SessionStore()
    store.create()
    store["said"] = "first"
    store.keep()
    with CaptureQueriesContext(connection) as captured:
        store.save()
    assert not captured
    assert store.modified  # so that its cookie is set
    store["said"] = "then"
    store.save()
    assert SessionStore(store.session_key)["said"] == "then"


@pytest.mark.django_db
def test_one_that_is_left_before_it_is_written_becomes_no_browser_s(in_narbonne):
    told = Written("SELECT set_config('ent.told', %(key)s || %(data)s || %(ends)s || %(more)s, true)",
                   key="text", data="text", ends="timestamptz", more="text")  # fmt: skip
    store = SessionStore()
    store.create()
    store.written_with(told, ["more"])
    store.flush()
    store["said"] = "anonymous"
    store.save()
    assert SessionStore(store.session_key)["said"] == "anonymous"


@pytest.mark.django_db
def test_one_that_was_signed_as_django_does_stays_open(narbonne):
    account()
    browser = visitor()
    sign_in(browser)
    with in_schema(HERE):
        row = Session.objects.get()
        row.session_data = SignedStore().encode(row.get_decoded() | SessionStore(row.session_key).load())
        row.save()
        assert not row.session_data.startswith("{")
    assert is_inside(browser)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["{", "", "{}", '{"_auth_user_id"', "[1]", "é"])
def test_a_row_that_says_nothing_opens_nothing(narbonne, text):
    account()
    browser = visitor()
    sign_in(browser)
    with in_schema(HERE):
        Session.objects.update(session_data=text)
    assert not is_inside(browser)
