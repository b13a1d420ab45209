"""What Sentry receives helps to repair and names nobody."""

import json

import pytest

from core.observability import sentry
from tests.core.observability.probe import CANARY


@pytest.fixture(scope="module")
def events(run_apart):
    envelopes = json.loads(run_apart("-m", "tests.core.observability.probe"))["events"]
    assert CANARY not in json.dumps(envelopes)
    return [json.loads(envelope.splitlines()[-1]) for envelope in envelopes]


@pytest.fixture
def crash(events):
    (found,) = [event for event in events if "exception" in event]
    return found


def test_nothing_that_a_person_wrote_is_sent(events):
    # The canaries are looked for in the raw envelopes, by the fixture.
    assert len(events) == 2


def test_the_event_says_where_it_broke(crash):
    cause, error = crash["exception"]["values"]
    assert (cause["type"], error["type"]) == ("ValueError", "IntegrityError")
    assert error["stacktrace"]["frames"][-1]["function"] == "failing_page"
    assert crash["transaction"] == "/signed/{token}/"
    assert crash["request"]["method"] == "POST"
    assert crash["release"]


def test_the_event_names_the_commune_and_the_request(crash):
    assert crash["tags"]["schema"] == "public"
    assert len(crash["tags"]["request_id"]) == 32


def test_the_account_is_told_by_its_identifier_alone(crash):
    assert crash["user"] == {"id": "0193a1c2-0000-7000-8000-000000000001"}


def test_an_account_without_such_identifier_is_not_told():
    assert "user" not in sentry.only_what_names_nobody({"user": {"id": "s.ferrer"}}, {})


def test_the_text_of_a_log_line_is_its_constant_part(events):
    (line,) = [event for event in events if "logentry" in event]
    assert line["logentry"] == {"message": "probe.error %s"}


def test_the_address_of_a_page_that_does_not_exist_is_not_told():
    event = {"transaction": "/signed/secret/", "transaction_info": {"source": "url"}}
    assert "transaction" not in sentry.only_what_names_nobody(event, {})


def test_a_part_that_we_do_not_know_is_not_sent():
    assert "invented" not in sentry.only_what_names_nobody({"invented": {"name": "Zoé"}}, {})


def test_without_an_address_nothing_starts():
    assert sentry.start("") is False
