"""A commit that is not waited for, then a wait for all."""

import pytest
from django.db import connection, transaction

from core.durability import commit_without_waiting, wait_for_the_disk
from core.tenancy import in_schema
from tests.tenant_apps.liaison.factories import school_year


def asked(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        (value,) = cursor.fetchone()
    return value


@pytest.fixture
def careful(own_database, django_db_blocker):
    """The tests' server waits for no disk."""
    with django_db_blocker.unblock(), in_schema("c_11262"):
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = on")
        yield


def test_it_lasts_as_long_as_the_transaction(careful):
    with transaction.atomic():
        commit_without_waiting()
        assert asked("SHOW synchronous_commit") == "off"
    assert asked("SHOW synchronous_commit") == "on"


def test_what_was_committed_before_is_on_the_disk_after_the_wait(careful):
    with transaction.atomic():
        commit_without_waiting()
        school_year()
    written = asked("SELECT pg_current_wal_insert_lsn()::text")
    wait_for_the_disk()
    assert asked(f"SELECT pg_current_wal_flush_lsn() >= '{written}'::pg_lsn")
