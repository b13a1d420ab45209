"""What a transaction costs in messages, and what becomes of a write that waits for the next one."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import Error, IntegrityError, connection, transaction

from core.postponed import Postponed
from core.tenancy import in_schema
from tests.support.wire import messages_to

INSERT = Postponed("INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, '100 %%', now())")
COUNT = "SELECT count(*) FROM django_session"
HERE, THERE = "c_11262", "c_11203"


@pytest.fixture
def wire(own_database):
    with messages_to(own_database) as messages, in_schema(HERE):
        count("SELECT 1")
        messages.clear()
        yield messages


def later(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [key])


def count(sql: str = COUNT, params: Any = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]


def written(schema: str = HERE) -> list[str]:
    with in_schema(schema):
        return list(Session.objects.order_by("session_key").values_list("session_key", flat=True))


def last_of(message: str) -> str:
    return message.rstrip(";").split(";")[-1]


def test_a_transaction_of_one_query_costs_two_messages(wire):
    with transaction.atomic():
        count()
    assert [text.split(";")[0] for text in wire] == ["BEGIN", "COMMIT"]


def test_one_without_a_query_costs_none(wire):
    with transaction.atomic():
        pass
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError
    assert wire == []


def test_one_that_fails_is_rolled_back(wire):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Session.objects.update(session_data="")
        raise ZeroDivisionError
    assert [text.split(";")[0] for text in wire] == ["BEGIN", "ROLLBACK"]


def test_a_write_that_waits_leaves_with_the_next_statement(wire):
    with transaction.atomic():
        later("a")
        later("b")
        assert wire == []
        assert count() == 2
        assert len(wire) == 1
        later("c")
    assert len(wire) == 2
    assert last_of(wire[1]) == "COMMIT"
    assert written() == ["a", "b", "c"]


@pytest.mark.parametrize("key", ["100 %", "%s %(a)s %%", "a;'\\\"", "é"])
def test_alone_it_leaves_with_the_end_whatever_it_says(wire, key):
    with transaction.atomic():
        later(key)
    assert len(wire) == 1
    assert written() == [key]
    assert count(f"{COUNT} WHERE session_data = %s", ["100 %"]) == 1


def test_its_signs_are_no_places_of_the_next_statement(wire):
    with transaction.atomic():
        later("1 %s")
        assert count(f"{COUNT} WHERE session_key = %s", ["1 %s"]) == 1
        later("2 %d")
        assert count(f"{COUNT} WHERE session_data LIKE '100%'") == 2
    assert len(wire) == 3


def test_outside_a_transaction_it_leaves_at_once(wire):
    later("a")
    assert len(wire) == 1
    assert written() == ["a"]


def test_it_is_lost_with_its_transaction(wire):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        later("a")
        raise ZeroDivisionError
    assert wire == []
    with transaction.atomic():
        later("b")
    assert written() == ["b"]


def test_it_is_lost_with_its_savepoint_and_kept_with_another(wire):
    with transaction.atomic():
        later("a")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            later("b")
            raise ZeroDivisionError
        with transaction.atomic():
            later("c")
        assert last_of(wire[-1]).startswith("RELEASE")
    assert written() == ["a", "c"]


def test_it_belongs_to_the_commune_where_it_was_said(wire):
    with transaction.atomic():
        later("here")
        with in_schema(THERE):
            later("there")
            assert count() == 1
    assert (written(), written(THERE)) == (["here"], ["there"])


def test_its_commune_is_said_again_at_each_change_and_not_between(wire):
    with transaction.atomic():
        later("a")
        later("b")
        with in_schema(THERE):
            later("c")
        later("d")
        assert count() == 3
    (message, _commit) = wire
    said = [part.split('"')[1] for part in message.split(";") if part.startswith("SET LOCAL ROLE")]
    assert said == [HERE, THERE, HERE]
    assert (written(), written(THERE)) == (["a", "b", "d"], ["c"])


def test_its_error_comes_with_the_next_statement(wire):
    later("a")
    with transaction.atomic():
        with pytest.raises(IntegrityError), transaction.atomic():
            later("a")
            count()
        later("b")
    assert written() == ["a", "b"]


def test_its_error_comes_with_the_end_and_nothing_is_kept(wire):
    later("a")
    with pytest.raises(IntegrityError), transaction.atomic():
        later("b")
        later("a")
    assert wire[-1] == "ROLLBACK"
    with transaction.atomic():
        later("c")
    assert written() == ["a", "c"]


def test_a_statement_that_never_left_takes_none_with_it(wire):
    with transaction.atomic():
        later("a")
        with pytest.raises(IndexError):
            count("SELECT %s, %s", [1])
    assert written() == ["a"]


def test_many_rows_send_it_once_and_before_them(wire):
    with transaction.atomic():
        later("a")
        with connection.cursor() as cursor:
            change = "UPDATE django_session SET session_key = %s WHERE session_key = %s"
            cursor.executemany(change, [("b", "a"), ("c", "b")])
    assert written() == ["c"]


def test_rows_read_little_by_little_see_it(wire):
    with transaction.atomic():
        later("a")
        assert [session.session_key for session in Session.objects.iterator()] == ["a"]
    assert [session.session_key for session in Session.objects.iterator()] == ["a"]


def test_a_session_that_breaks_takes_it_along(wire):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        later("a")
        connection.close()
        raise ZeroDivisionError
    with transaction.atomic():
        later("b")
    assert written() == ["b"]


def test_a_transaction_opened_by_hand_is_ended_by_hand(wire):
    transaction.set_autocommit(False)
    try:
        later("a")
        with pytest.raises(Error):
            transaction.set_autocommit(True)
        transaction.commit()
        later("b")
        transaction.rollback()
    finally:
        transaction.set_autocommit(True)
    assert written() == ["a"]
