"""The real catalogue against what the settings say, and the rules that keep Citus open."""

import ast

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from config.settings.apps import SHARED_APPS, TENANT_APPS
from core.tenancy import in_public, in_schema
from tests.architecture.source import dotted, files, name_of, parsed

pytestmark = pytest.mark.django_db

# Tables that exist in both kinds of schema: the five apps of BOTH_APPS, and what Django's accounts lean on.
DOUBLES = {
    "accounts_addresschange",
    "accounts_codelot",
    "accounts_device",
    "accounts_externalidentity",
    "accounts_secondfactor",
    "accounts_staffrole",
    "accounts_user",
    "api_accesstoken",
    "audit_entry",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "django_session",
    "files_storedfile",
    "notifications_notification",
    "notifications_outboxentry",
    "notifications_preference",
    "notifications_pushsubscription",
    "signatures_signaturerequest",
    "signatures_slot",
}
# Django's own tables, whose keys are not ours to choose.
OTHER_KEYS = {
    "auth_group": "integer",
    "auth_group_permissions": "bigint",
    "auth_permission": "integer",
    "django_content_type": "integer",
    "django_session": "character varying",
}
SCHEMAS = ["public", "c_11262", "c_11203"]
COMMUNES = SCHEMAS[1:]


def ask(sql: str, *params: object) -> list[tuple]:
    with in_public(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def tables(schema: str) -> set[str]:
    return {
        name
        for (name,) in ask(
            "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'p')", schema
        )
    }


def tables_of(app_names: list[str]) -> set[str]:
    """Those of the models of these apps, links between them included."""
    found = {"django_migrations"}
    for config in apps.get_app_configs():
        if config.name in app_names:
            found |= {m._meta.db_table for m in config.get_models(include_auto_created=True) if m._meta.managed}
    return found


def test_every_model_is_in_the_schemas_that_the_settings_say():
    assert tables("public") == tables_of(SHARED_APPS)
    for schema in COMMUNES:
        assert tables(schema) == tables_of(TENANT_APPS)


def test_no_table_is_in_both_kinds_of_schema_but_the_listed_ones():
    assert tables("public") & tables("c_11262") == DOUBLES


@pytest.mark.parametrize("model", [ContentType, Permission])
def test_content_types_and_permissions_bear_the_same_ids_everywhere(model):
    """Their cache is one per process: it can't tell communes apart."""
    found = {}
    for schema in SCHEMAS:
        with in_schema(schema):
            found[schema] = sorted(model.objects.values_list())
    assert found["c_11262"] == found["c_11203"] == found["public"] != []


def test_the_next_content_type_bears_the_same_id_everywhere(db):
    """The sequences too stand at the same number: a release adds rows."""
    for sequence in ("django_content_type_id_seq", "auth_permission_id_seq"):
        found = set()
        for schema in SCHEMAS:
            with in_schema(schema), connection.cursor() as cursor:
                cursor.execute(f"SELECT nextval('{sequence}')")
                found.add(cursor.fetchone()[0])
        assert len(found) == 1, sequence


def test_a_commune_stays_within_its_budget_of_tables_and_indexes():
    """Each commune visited costs a database session memory in proportion."""
    for schema in COMMUNES:
        indexes = ask("SELECT count(*) FROM pg_indexes WHERE schemaname = %s", schema)[0][0]
        assert len(tables(schema)) <= 120
        assert indexes <= 500


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_table_has_a_primary_key_of_one_uuid_or_bigint(schema):
    rows = ask(
        """SELECT c.relname, array_agg(format_type(a.atttypid, NULL)) FILTER (WHERE a.attnum IS NOT NULL)
           FROM pg_class c
           LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
           LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
           WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'p') GROUP BY c.relname""",
        schema,
    )
    strange = {
        table: keys for table, keys in rows if keys not in (["uuid"], ["bigint"]) and keys != [OTHER_KEYS.get(table)]
    }
    assert strange == {}


def test_foreign_keys_never_leave_their_schema():
    rows = ask(
        """SELECT k.conname FROM pg_constraint k
           JOIN pg_class a ON a.oid = k.conrelid JOIN pg_class b ON b.oid = k.confrelid
           WHERE k.contype = 'f' AND a.relnamespace <> b.relnamespace"""
    )
    assert rows == []


def test_schemas_hold_no_function_and_no_trigger_of_ours():
    """A copy of the text of a function would name its first schema; Citus has no triggers."""
    names = list(SCHEMAS)
    assert ask("SELECT proname FROM pg_proc WHERE pronamespace::regnamespace::text = ANY (%s)", names) == []
    assert ask("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal") == []


def test_no_column_is_filled_by_a_volatile_function_of_the_database():
    """`gen_random_uuid()` and the like as defaults tie the product to one server's functions."""
    rows = ask(
        """SELECT c.relname, a.attname, pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d
           JOIN pg_class c ON c.oid = d.adrelid
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum
           WHERE c.relnamespace::regnamespace::text = ANY (%s) AND a.attgenerated = ''""",
        list(SCHEMAS),
    )
    assert [row for row in rows if "(" in row[2] and "nextval" not in row[2]] == []


def test_errors_of_the_database_are_told_apart_by_their_state_and_not_by_a_name():
    """Under Citus the names of constraints are lost or changed; SQLSTATE stays."""
    found = {
        name_of(path)
        for path in files()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and dotted(node).endswith(("diag.constraint_name", "diag.table_name"))
    }
    assert found == set()
