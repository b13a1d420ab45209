"""The second wall: what PostgreSQL itself refuses to the role of a commune."""

from collections.abc import Callable

import psycopg2
import pytest
from django.db import connection, transaction, utils

from core.tenancy import in_schema
from shared_apps.accounts.models import User
from tenants.models import Commune

DENIED = "42501"  # insufficient_privilege
ABSENT = "42P01"  # undefined_table


@pytest.fixture
def refusal(db: None) -> Callable[..., tuple[str, str]]:
    """`refusal(sql, schema=…)`: the SQLSTATE and the sentence with which PostgreSQL refused."""

    def ask(statement: str, schema: str = "c_11262") -> tuple[str, str]:
        with pytest.raises(utils.DatabaseError) as caught, in_schema(schema), transaction.atomic():
            connection.cursor().execute(statement)
        error = caught.value.__cause__
        return error.pgcode, error.diag.message_primary

    return ask


NEIGHBOUR = [
    "SELECT * FROM c_11203.accounts_user",
    "INSERT INTO c_11203.accounts_user SELECT * FROM accounts_user",
    "UPDATE c_11203.accounts_user SET is_active = false",
    "DELETE FROM c_11203.accounts_user",
    "TRUNCATE c_11203.accounts_user",
    "COPY c_11203.accounts_user TO STDOUT",
    "SELECT 1 FROM accounts_user a JOIN c_11203.accounts_user b USING (id)",
    "SELECT nextval('c_11203.django_content_type_id_seq')",
    "CREATE TABLE c_11203.x (id int)",
    "LOCK TABLE c_11203.accounts_user",
]


@pytest.mark.parametrize("statement", NEIGHBOUR)
def test_nothing_of_a_neighbour_is_reached_by_its_full_name(refusal, statement):
    assert refusal(statement) == (DENIED, "permission denied for schema c_11203")


@pytest.mark.parametrize("statement", ["SELECT * FROM public.tenants_commune", "SELECT * FROM public.accounts_user"])
def test_the_tables_of_the_academy_are_refused_to_a_commune(refusal, statement):
    assert refusal(statement) == (DENIED, "permission denied for schema public")


def test_the_academy_reads_no_commune(refusal):
    assert refusal("SELECT * FROM c_11262.accounts_user", "public") == (
        DENIED,
        "permission denied for schema c_11262",
    )


def test_a_path_that_differs_from_the_role_leads_nowhere(refusal):
    assert refusal("SET LOCAL search_path = c_11203; SELECT * FROM accounts_user")[0] == ABSENT


def test_a_role_that_differs_from_the_path_reads_nothing(refusal):
    assert refusal('SET LOCAL ROLE "c_11203"; SELECT * FROM accounts_user')[0] == ABSENT


def test_a_query_without_a_role_reads_nothing(refusal):
    assert refusal("SET LOCAL ROLE NONE; SELECT * FROM c_11262.accounts_user")[0] == DENIED
    assert refusal("SET LOCAL ROLE NONE; SELECT * FROM accounts_user")[0] == ABSENT


def test_a_raw_cursor_reads_nothing(own_database):
    connection.ensure_connection()
    raw = connection.connection.cursor()
    with in_schema("c_11262"):
        with pytest.raises(psycopg2.errors.UndefinedTable):
            raw.execute("SELECT * FROM accounts_user")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            raw.execute("SELECT * FROM c_11262.accounts_user")
    raw.close()


OWNERS_AFFAIRS = [
    "CREATE TABLE x (id int)",
    "CREATE SCHEMA c_x",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "ALTER TABLE accounts_user ADD COLUMN x int",
    "DROP TABLE accounts_user CASCADE",
    "TRUNCATE accounts_user CASCADE",
    "CREATE INDEX ON accounts_user (last_name)",
    "ALTER SCHEMA c_11262 RENAME TO c_0",
    "DROP SCHEMA c_11262 CASCADE",
    "CREATE ROLE c_x",
    "ALTER TABLE accounts_user DROP CONSTRAINT user_password_is_never_blank",
    "DELETE FROM django_migrations",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())",
]


@pytest.mark.parametrize("statement", OWNERS_AFFAIRS)
@pytest.mark.parametrize("schema", ["c_11262", "public"])
def test_the_role_owns_nothing_and_changes_no_table(refusal, statement, schema):
    if schema == "public":
        statement = statement.replace("c_11262", "public")
    assert refusal(statement, schema)[0] == DENIED


def test_the_role_hands_no_right_on(in_narbonne):
    """PostgreSQL warns and grants nothing."""
    with connection.cursor() as cursor:
        cursor.execute("GRANT SELECT ON accounts_user TO c_11203")
        cursor.execute("SELECT has_table_privilege('c_11203', 'c_11262.accounts_user', 'SELECT')")
        assert cursor.fetchone() == (False,)


JOURNAL = [
    "UPDATE audit_entry SET action = 'x'",
    "DELETE FROM audit_entry",
    "TRUNCATE audit_entry",
    "DROP TABLE audit_entry",
    "SELECT * FROM audit_entry FOR UPDATE",
    "INSERT INTO audit_entry SELECT * FROM audit_entry ON CONFLICT (id) DO UPDATE SET action = 'x'",
]


@pytest.mark.parametrize("schema", ["c_11262", "public"])
@pytest.mark.parametrize("statement", JOURNAL)
def test_the_journal_is_only_ever_added_to(refusal, statement, schema):
    assert refusal(statement, schema)[0] == DENIED


@pytest.mark.parametrize("schema", ["c_11262", "c_11203", "public"])
def test_every_table_of_a_schema_belongs_to_the_owner_and_is_granted_to_its_role_alone(db, schema):
    role = "academy" if schema == "public" else schema
    with in_schema(schema), connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT pg_get_userbyid(c.relowner), coalesce(g.grantee::regrole::text, '-')
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               LEFT JOIN LATERAL aclexplode(c.relacl) g ON true
               WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'S')""",
            [schema],
        )
        # The last one: sequences and tables are made by the owner, which needs no line of its own.
        assert {(owner, grantee) for owner, grantee in cursor.fetchall()} <= {
            ("ent_owner", role),
            ("ent_owner", "ent_owner"),
        }


def test_a_later_table_is_granted_to_its_commune_alone(own_database):
    with connection.as_owner(), in_schema("c_11262"):
        connection.cursor().execute("CREATE TABLE later (id int); INSERT INTO later VALUES (1)")
    with in_schema("c_11262"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM later")
        assert cursor.fetchone() == (1,)
    for schema in ("c_11203", "public"):
        with in_schema(schema), pytest.raises(utils.ProgrammingError, match="permission denied"):
            connection.cursor().execute("SELECT count(*) FROM c_11262.later")


# --- what the database checks by itself


@pytest.mark.parametrize("name", ["c_1'", 'c_"', "C_1", "c_é", "c_1\n", "pg_x", "", "c_", "x_1", "c_1; DROP"])
def test_the_database_refuses_a_schema_name_that_carries_sql(db, name):
    with pytest.raises(utils.IntegrityError, match="commune_schema_name_is_safe"), transaction.atomic():
        Commune.objects.filter(insee="11262").update(schema_name=name)


@pytest.mark.parametrize("schema", ["c_11262", "public"])
def test_the_database_refuses_a_blank_password(db, schema):
    """Two accounts with a blank one shared session hashes and reset tokens across communes."""
    account = {"identifier": "x", "first_name": "X", "last_name": "X"}
    with in_schema(schema):
        for attempt in (User.objects.create, lambda **facts: User.objects.bulk_create([User(**facts)])):
            with pytest.raises(utils.IntegrityError, match="password_is_never_blank"), transaction.atomic():
                attempt(**account, password="")
        User.objects.create(**account, password="!")
        with pytest.raises(utils.IntegrityError, match="password_is_never_blank"), transaction.atomic():
            User.objects.update(password="")
