"""A query that a session meets again in a commune is prepared: same rows, same walls, and a bounded number of them."""

import psycopg2.errors
import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from core.frozen import frozen
from core.tenancy import in_schema
from tenant_apps.people.models import Person
from tenant_apps.schools.models import School
from tenants.db.statements import Statements
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db


@frozen
def named(name: str) -> QuerySet[Person]:
    return Person.objects.filter(first_name=name)


@frozen
def every_school() -> QuerySet[School]:
    return School.objects.exclude(name__contains="100 %").order_by("uai")


@pytest.fixture
def room(in_narbonne):
    connection.forget_statements()
    return factories.classroom()


def sent(act) -> str:
    with CaptureQueriesContext(connection) as asked:
        act()
    (query,) = asked.captured_queries
    return query["sql"].rpartition("extensions;")[2]  # after the role and the path


def kept() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        return cursor.fetchone()[0]


def test_the_second_time_it_is_prepared_and_then_only_run(room):
    before = kept()
    texts = [sent(lambda: named("Sophie")) for _turn in range(4)]
    assert texts[0].startswith("SELECT")
    assert "PREPARE" in texts[1]
    assert all(text.startswith("EXECUTE") and len(text) < 80 for text in texts[2:])
    assert kept() == before + 1
    for name in ("Sophie", "Karim", "Nobody", "%s", "'; DROP TABLE people_person; --"):
        assert named(name) == list(Person.objects.filter(first_name=name))


def test_it_is_planned_once_whatever_its_arguments(room):
    for name in ("Sophie", "Karim", "Nobody", "Inès"):
        named(name)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements ORDER BY prepare_time DESC LIMIT 1"
        )
        assert cursor.fetchone() == (3, 0)


def test_one_without_arguments_and_with_a_percent_sign_answers_too(room):
    assert [every_school() for _turn in range(4)] == [list(School.objects.order_by("uai"))] * 4


def test_each_commune_has_its_own(room, lezignan):
    for _turn in range(3):
        assert named("Sophie")
        with in_schema(lezignan.schema_name):
            assert named("Sophie") == []


def test_it_gives_no_right_that_the_role_lost(room):
    """Prepared, it is still refused to a role that may not read the table."""
    for _turn in range(3):
        named("Sophie")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements ORDER BY prepare_time DESC LIMIT 1")
        (name,) = cursor.fetchone()
        with in_schema("public"), pytest.raises(ProgrammingError) as refused, transaction.atomic():
            cursor.execute(f"EXECUTE {name}('Sophie')")
    assert isinstance(refused.value.__cause__, (psycopg2.errors.UndefinedTable, psycopg2.errors.InsufficientPrivilege))


def test_a_session_keeps_so_many_and_gives_the_others_back(room, monkeypatch):
    monkeypatch.setattr(connection, "_statements", Statements(limit=2))
    before = kept()
    for name in ("asc", "desc", "asc", "desc", "asc"):
        ordered = frozen(lambda text, way=name: Person.objects.filter(first_name=text).order_by(way and "pk"))
        for _turn in range(3):
            assert len(ordered("Sophie")) == 1
    assert kept() <= before + 3


def test_after_an_error_it_is_asked_as_it_is_and_prepared_anew(room):
    for _turn in range(3):
        named("Sophie")
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    with pytest.raises(DatabaseError), transaction.atomic():
        named("Sophie")
    assert [len(named("Sophie")) for _turn in range(3)] == [1, 1, 1]


def test_none_is_kept_when_the_setting_says_so(room, settings):
    settings.ENT_PREPARED = 0
    assert all(sent(lambda: named("Sophie")).startswith("SELECT") for _turn in range(3))
