"""What communes read of the académie: seldom, and never at the price of their own work."""

import pytest
from django.db import DatabaseError, connection, transaction

from core.tenancy import current_schema, in_schema
from tenants.published import Published

pytestmark = pytest.mark.django_db


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_it_is_read_as_the_academie_once_a_minute(narbonne):
    clock, seen = Clock(), []
    value = Published("essai", lambda: seen.append(current_schema()) or len(seen), 0, clock)
    with in_schema(narbonne.schema_name):
        assert [value.get(), value.get()] == [1, 1]
        clock.now = 61
        assert value.get() == 2
        assert current_schema() == narbonne.schema_name
    assert seen == ["public", "public"]


def test_what_can_not_be_read_leaves_the_caller_s_transaction_whole(narbonne):
    def broken() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM no_such_table")
        return 1

    value = Published("essai", broken, 7, Clock())
    with in_schema(narbonne.schema_name), transaction.atomic():
        assert value.get() == 7
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)


def test_the_last_value_known_stands_while_it_can_not_be_read():
    clock, answers = Clock(), [3, DatabaseError("away"), 4]

    def load() -> int:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    value = Published("essai", load, 0, clock)
    assert value.get() == 3
    clock.now = 100
    assert value.get() == 3
    clock.now = 106
    assert value.get() == 4
