"""What stands before PostgreSQL, and what the login may do there."""

import itertools
import random

import psycopg2
import pytest
from django.core.checks import run_checks
from django.db import connection

from core.checks import OURS
from core.startup import UnsafeStartError, refuse_unsafe_start
from tenants.checks import sessions_are_shared


def found() -> set[str]:
    return {message.id for message in run_checks(tags=[OURS], databases=["default"])}


def test_the_database_of_the_suite_is_safe(db):
    assert found() == set()
    refuse_unsafe_start()


class Client:
    """A client of a pooler: each query is served by the backend that `serve` picks."""

    autocommit = False

    def __init__(self, serve):
        self.serve = serve

    def cursor(self):
        return self

    def execute(self, statement):
        self.answer = (self.serve(),)

    def fetchone(self):
        return self.answer

    def close(self):
        pass


def same_backend_each_time():
    """PgBouncer in session mode, or no pooler."""
    pids = itertools.count(100)

    def connect():
        pid = next(pids)
        return Client(lambda: pid)

    return connect


def last_used_first():
    """PgBouncer in transaction mode: the backend just given back is the next one taken."""
    return lambda: Client(lambda: 100)


def each_in_turn(size: int):
    """The same with `server_round_robin`."""
    pids = itertools.cycle(range(size))
    return lambda: Client(lambda: next(pids))


def by_chance(size: int):
    chance = random.Random(1)
    return lambda: Client(lambda: chance.randrange(size))


POOLERS = [last_used_first(), *map(each_in_turn, (1, 2, 3, 50)), by_chance(20)]


@pytest.mark.parametrize("pooler", POOLERS)
def test_a_pooler_in_transaction_mode_is_found_out(pooler):
    assert sessions_are_shared(pooler)


def test_sessions_of_their_own_are_accepted():
    assert not sessions_are_shared(same_backend_each_time())


def test_a_process_behind_a_pooler_in_transaction_mode_does_not_start(db, settings, monkeypatch):
    settings.ENT_COMMUNE_ROLES = False  # the other check reads rights, which the fake has not
    pooler = each_in_turn(3)
    monkeypatch.setattr("tenants.checks._connect", pooler)
    assert found() == {"ent.E010"}
    with pytest.raises(UnsafeStartError, match="session mode"):
        refuse_unsafe_start()


def test_a_database_that_is_away_is_said_and_stops_nothing(db, monkeypatch):
    def connect():
        raise psycopg2.OperationalError

    monkeypatch.setattr("tenants.checks._connect", connect)
    assert found() == {"ent.W010"}
    refuse_unsafe_start()


def test_a_login_that_passes_the_walls_is_refused(own_database, monkeypatch):
    owner = own_database["superuser_url"]
    monkeypatch.setattr("tenants.checks._connect", lambda: psycopg2.connect(owner))
    assert found() == {"ent.E011"}


def test_the_owner_is_not_taken_for_the_login_of_the_pages(own_database):
    with connection.as_owner():
        assert found() == set()
