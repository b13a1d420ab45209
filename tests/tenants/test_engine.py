"""The database engine: which schema a statement reaches, by which role, whatever the way it is sent."""

import io

import psycopg2
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import connection, transaction, utils
from django.db.transaction import TransactionManagementError
from django_tenants.utils import schema_context, tenant_context
from psycopg2 import extras, sql

from core.observability.metrics import sessions_renewed
from core.tenancy import in_schema
from shared_apps.accounts.models import User
from tenants.db.base import DatabaseWrapper
from tenants.db.cursors import RefusedByEngineError
from tenants.models import Commune

PLACE = "SELECT current_schema(), current_setting('search_path'), current_user"


def renewals():
    return next(sample.value for metric in sessions_renewed.collect() for sample in metric.samples)


def place(statement: object = PLACE) -> tuple[str, str, str]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


def raw_place() -> tuple[str | None, str, str]:
    """What a statement that escapes our cursor meets."""
    with connection.connection.cursor(cursor_factory=psycopg2.extensions.cursor) as cursor:
        cursor.execute(PLACE)
        return cursor.fetchone()


IN_NARBONNE = ("c_11262", "c_11262, extensions", "c_11262")
NOWHERE = (None, "", "ent_app")
IN_PUBLIC = ("public", "public, extensions", "academy")


def make_user(identifier: str) -> User:
    return User.objects.create(identifier=identifier, first_name="Sophie", last_name="Ferrer", password="!")


def test_a_statement_carries_the_role_and_the_path_of_its_commune(narbonne):
    with in_schema(narbonne.schema_name):
        assert place() == IN_NARBONNE
    assert place() == IN_PUBLIC


def test_every_context_of_the_library_passes_by_the_same_door(narbonne):
    with schema_context("c_11262"):
        assert place() == IN_NARBONNE
    with tenant_context(narbonne):
        assert place() == IN_NARBONNE
    connection.set_schema("c_11262", include_public=True)
    assert place() == IN_NARBONNE


def test_statements_given_as_bytes_or_composed_carry_it_too(in_narbonne):
    assert place(PLACE.encode()) == IN_NARBONNE
    assert place(sql.SQL("{} WHERE true").format(sql.SQL(PLACE))) == IN_NARBONNE


def test_the_session_keeps_nothing_between_two_statements(own_database):
    with in_schema("c_11262"):
        assert place() == IN_NARBONNE
        assert raw_place() == NOWHERE


def test_a_statement_that_fails_leaves_nothing_behind(own_database):
    with in_schema("c_11262"), pytest.raises(utils.DataError):
        place("SELECT 1/0")
    assert raw_place() == NOWHERE
    assert place() == IN_PUBLIC


def test_a_savepoint_rolled_back_returns_to_the_right_commune(in_narbonne):
    with pytest.raises(utils.ProgrammingError), transaction.atomic(), in_schema("c_11203"):
        place("SELECT * FROM no_such_table")
    assert place() == IN_NARBONNE


def test_a_savepoint_taken_in_one_commune_does_not_bring_another_back(in_narbonne):
    """ROLLBACK TO restores the path of the savepoint's time: the next statement carries its own all the same."""
    with in_schema("c_11203"):
        place()
        point = transaction.savepoint()
    place()
    transaction.savepoint_rollback(point)
    assert place() == IN_NARBONNE


def test_nothing_may_follow_a_rollback_in_one_message(in_narbonne):
    with connection.cursor() as cursor, pytest.raises(RefusedByEngineError):
        cursor.execute(f"ROLLBACK TO SAVEPOINT here; {PLACE}")


def test_a_statement_that_refuses_company_goes_to_the_right_commune(own_database):
    with connection.as_owner(), in_schema("c_11262"):
        with connection.cursor() as cursor:
            cursor.execute("CREATE INDEX CONCURRENTLY probe ON accounts_user (last_name)")
            cursor.execute("SELECT schemaname FROM pg_indexes WHERE indexname = 'probe'")
            assert cursor.fetchall() == [("c_11262",)]
        assert raw_place() == (None, "", "ent_owner")


def test_a_statement_that_refuses_company_and_fails_leaves_nothing_behind(own_database):
    with connection.as_owner(), in_schema("c_11262"):
        with pytest.raises(utils.ProgrammingError):
            place("CREATE INDEX CONCURRENTLY probe ON no_such_table (id)")
        assert raw_place() == (None, "", "ent_owner")


def test_an_iterator_goes_on_in_the_commune_that_opened_it(own_database):
    for schema in ("c_11262", "c_11203"):
        with in_schema(schema):
            User.objects.bulk_create(
                User(identifier=f"{schema.replace('_', '')}.{n}", first_name="A", last_name="B", password="!")
                for n in range(6)
            )
    with in_schema("c_11262"):
        reading = User.objects.order_by("identifier").iterator(chunk_size=2)
        found = [next(reading).identifier]
    with in_schema("c_11203"):
        found += [user.identifier for user in reading]
    assert found == [f"c11262.{n}" for n in range(6)]


def test_iterators_leave_no_cursor_open_on_the_server(own_database):
    with in_schema("c_11262"):
        list(User.objects.iterator())
        assert next(ContentType.objects.iterator(chunk_size=1))
        assert place("SELECT count(*) FROM pg_cursors WHERE name LIKE '\\_django%'") == (0,)


def test_rows_sent_together_go_to_the_right_commune(in_narbonne):
    with connection.cursor() as cursor:
        extras.execute_values(cursor, "SELECT current_schema(), v FROM (VALUES %s) AS t(v)", [(1,), (2,)])
        assert cursor.fetchall() == [("c_11262", 1), ("c_11262", 2)]


def test_copy_goes_to_the_right_commune(in_narbonne):
    out = io.StringIO()
    with connection.cursor() as cursor:
        cursor.copy_expert("COPY (SELECT current_schema(), current_user) TO STDOUT", out)
    assert out.getvalue() == "c_11262\tc_11262\n"


@pytest.mark.parametrize(
    ("call", "arguments"),
    [("copy_from", (None, "x")), ("copy_to", (None, "x")), ("callproc", ("now",))],
)
def test_driver_calls_that_cannot_carry_the_commune_are_refused(in_narbonne, call, arguments):
    with connection.cursor() as cursor, pytest.raises(RefusedByEngineError):
        getattr(cursor.cursor, call)(*arguments)


def test_a_named_cursor_only_reads(in_narbonne):
    cursor = connection.chunked_cursor()
    for call in (cursor.cursor.executemany, cursor.cursor.copy_expert):
        with pytest.raises(RefusedByEngineError):
            call("SELECT 1", [])


def test_reading_the_catalogue_does_not_change_the_path_of_the_session(own_database):
    with in_schema("c_11262"):
        tables = connection.introspection.table_names()
        assert "accounts_user" in tables
        assert "tenants_commune" not in tables
    assert raw_place() == NOWHERE


def test_a_public_table_read_from_a_commune_is_an_error(narbonne):
    with in_schema(narbonne.schema_name), pytest.raises(utils.ProgrammingError) as caught:
        list(Commune.objects.all())
    assert caught.value.__cause__.pgcode == "42P01"


def test_a_commune_table_read_from_the_academy_is_an_error(db):
    with pytest.raises(utils.ProgrammingError) as caught:
        place("SELECT id FROM people_person")
    assert caught.value.__cause__.pgcode == "42P01"


def test_two_communes_do_not_share_accounts(narbonne, lezignan):
    with in_schema(narbonne.schema_name):
        make_user("s.ferrer")
    with in_schema(lezignan.schema_name):
        assert not User.objects.exists()


@pytest.mark.parametrize("name", ["c_1'; DROP SCHEMA x; --", 'c_1"', "C_1", "c_1\n", "pg_catalog", "", None])
def test_a_context_with_an_unsafe_name_is_refused_and_changes_nothing(in_narbonne, name):
    with pytest.raises(ValidationError), in_schema(name):
        pass
    assert place() == IN_NARBONNE


# --- the owner of the tables


def test_the_owner_works_without_a_role_and_hands_back(own_database):
    with in_schema("c_11262"):
        with connection.as_owner():
            assert place() == ("c_11262", "c_11262, extensions", "ent_owner")
            with connection.as_owner():
                assert place()[2] == "ent_owner"
            assert place()[2] == "ent_owner"
        assert place() == IN_NARBONNE


def test_a_process_without_the_owners_login_is_told_so(own_database, settings):
    settings.OWNER_DATABASE = {}
    with pytest.raises(ImproperlyConfigured, match="ENT_OWNER_DATABASE_URL"), connection.as_owner():
        pass


def test_the_owner_does_not_begin_inside_a_transaction(own_database):
    with transaction.atomic(), pytest.raises(TransactionManagementError), connection.as_owner():
        pass


# --- the life of a session


def backend() -> int:
    return place("SELECT pg_backend_pid()")[0]


def test_a_session_is_renewed_after_meeting_more_tables_than_the_setting(own_database, settings):
    counted = renewals()
    settings.ENT_SESSION_TABLES = 1
    with in_schema("c_11262"):
        first = backend()
        for _turn in range(2):
            User.objects.filter(last_name="Ferrer").exists()
            connection.close_if_unusable_or_obsolete()
            assert backend() == first, "one table: kept"
    with in_schema("c_11203"):
        User.objects.filter(last_name="Ferrer").exists()
        assert backend() == first
        connection.close_if_unusable_or_obsolete()
        assert backend() != first, "that of another commune: renewed"
    assert renewals() == counted + 1


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1 FROM accounts_user",
        'SELECT 1 FROM (SELECT 1) x LEFT JOIN "accounts_user" ON false',
        "UPDATE accounts_user SET last_name = '' WHERE false",
        "WITH w AS (SELECT id FROM accounts_user) SELECT count(*) FROM w",
        "PREPARE p AS SELECT 1 FROM accounts_user",
    ],
)
def test_whatever_names_a_table_is_counted(own_database, settings, statement):
    settings.ENT_SESSION_TABLES = 0
    first = backend()
    connection.renew_if_long()
    assert backend() == first, "no table: kept"
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.renew_if_long()
    assert backend() != first


def test_a_session_is_not_renewed_inside_a_transaction(own_database, settings):
    settings.ENT_SESSION_TABLES = 0
    with transaction.atomic():
        first = backend()
        assert not User.objects.exists()
        connection.renew_if_long()
        assert backend() == first


def test_a_session_ended_by_the_server_is_replaced_at_the_next_request(own_database):
    first = backend()
    with psycopg2.connect(own_database["superuser_url"]) as superuser, superuser.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    superuser.close()
    connection.close_if_unusable_or_obsolete()
    assert backend() != first


def test_a_healthy_session_is_not_asked_whether_it_is(own_database, monkeypatch):
    first = backend()
    monkeypatch.setattr(DatabaseWrapper, "is_usable", lambda self: pytest.fail("a message was sent"))
    connection.close_if_unusable_or_obsolete()
    assert backend() == first
