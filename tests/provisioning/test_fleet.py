"""Migrating all communes: plan once, go on past a failure, resume."""

import re

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from core.tenancy import in_public, in_schema
from provisioning import bootstrap, privileges, schemas, template
from provisioning.fleet import apply, plan, runner
from provisioning.fleet.survey import ask, compare, laid_schemas
from provisioning.models import MigrationResult, MigrationRun
from provisioning.sessions import owner
from tenants.models import Commune
from tests.provisioning.catalogue import lines_of, rows_of
from tests.provisioning.later import ADD_MOTTO, NAME, NEW_TABLE, release

NARBONNE, LEZIGNAN = "c_11262", "c_11203"


@pytest.fixture(autouse=True)
def _forget_the_release():
    yield
    template.fingerprint.cache_clear()


@pytest.fixture
def fleet(provisioning_database, settings, tmp_path, capsys):
    """`fleet("schools", ADD_MOTTO)` releases that migration and runs the command; returns what it printed."""

    def run(app=None, operations="", thorough=False, is_release=False, **more):
        if app:
            release(settings, tmp_path, app, operations, **more)
        try:
            flags = [*(["--thorough"] if thorough else []), *(["--release"] if is_release else [])]
            call_command("fleet", "migrate", "--connections", "2", *flags)
            failed = ""
        except CommandError as error:
            failed = str(error)
        return capsys.readouterr().out + failed

    return run


def query(sql):
    with in_public(), owner(), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else None


def has_column(schema, column="motto", table="schools_school"):
    return bool(
        query(
            f"SELECT 1 FROM information_schema.columns WHERE table_schema = '{schema}'"
            f" AND table_name = '{table}' AND column_name = '{column}'"
        )
    )


def is_recorded(schema):
    return bool(query(f"SELECT 1 FROM {schema}.django_migrations WHERE name = '{NAME}'"))


def poison(schema):
    query(f"ALTER TABLE {schema}.schools_school ADD COLUMN motto int")


def heal(schema):
    query(f"ALTER TABLE {schema}.schools_school DROP COLUMN motto")


def lay_more(*insees):
    for insee in insees:
        with in_public(), owner(), transaction.atomic():
            schemas.create(f"c_{insee}")
            template.lay(f"c_{insee}")
            Commune.objects.create(
                schema_name=f"c_{insee}", insee=insee, name=insee, department_code="11", state="open"
            )


def test_with_nothing_to_do_it_says_so_and_asks_the_communes_in_one_query(
    fleet, provisioning_database, django_assert_num_queries
):
    assert "2 communes : 0 à migrer, faites ; 2 déjà à jour ; 0 en échec" in fleet()
    with owner(), in_public():
        names = laid_schemas()
        with django_assert_num_queries(1):
            found = compare(ask(["public", *names]))
    assert set(names) == {NARBONNE, LEZIGNAN}
    assert all(lack.is_empty for lack in found.values())


def test_a_new_column_reaches_every_commune_and_is_written_in_their_list(fleet):
    printed = fleet("schools", ADD_MOTTO)
    assert "2 à migrer, faites ; 0 déjà à jour" in printed
    for schema in (NARBONNE, LEZIGNAN):
        assert has_column(schema)
        assert is_recorded(schema)
    assert is_recorded("public")
    methods = MigrationResult.objects.values_list("schema_name", "state", "method")
    assert set(methods) == {(NARBONNE, "done", "statements"), (LEZIGNAN, "done", "statements")}
    assert "0 à migrer, faites ; 2 déjà à jour" in fleet()


def test_a_migrated_commune_is_like_one_laid_by_the_new_release(fleet):
    fleet("schools", f"{ADD_MOTTO}, {NEW_TABLE}")
    with owner(), in_public():
        template.make()
        lay_more("99001")
        migrated, laid = rows_of(NARBONNE), rows_of("c_99001")
        for rows in (migrated, laid):
            rows["django_migrations"] = {row[1:] for row in rows["django_migrations"]}  # the order is its own
        assert migrated == laid
        # A column added later comes last, as it does in the template: migrations ran in the same order.
        assert without_last_values(lines_of(NARBONNE)) == without_last_values(lines_of("c_99001"))


def without_last_values(lines):
    return [re.sub(r" last=\S+", "", line) for line in lines]


def test_a_new_table_belongs_to_the_owner_and_is_open_to_its_commune_alone(fleet):
    fleet("schools", NEW_TABLE)
    with in_schema(NARBONNE), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableowner FROM pg_tables WHERE tablename = 'schools_banner' AND schemaname = %s", [NARBONNE]
        )
        assert cursor.fetchone() == ("ent_owner",)
        cursor.execute("INSERT INTO schools_banner VALUES (gen_random_uuid(), 'Bonjour')")
        cursor.execute("SELECT has_table_privilege(%s, %s, 'SELECT')", [LEZIGNAN, f"{NARBONNE}.schools_banner"])
        assert cursor.fetchone() == (False,)


def test_what_the_audit_may_not_do_stays_so_after_a_migration(fleet, monkeypatch):
    monkeypatch.setattr(privileges, "APPEND_ONLY", ("audit_entry", "audit_banner"))
    fleet("audit", NEW_TABLE)
    assert query(f"SELECT has_table_privilege('{NARBONNE}', '{NARBONNE}.audit_banner', 'INSERT')") == [(True,)]
    assert query(f"SELECT has_table_privilege('{NARBONNE}', '{NARBONNE}.audit_banner', 'DELETE')") == [(False,)]


def test_a_commune_that_fails_is_closed_the_others_live_and_it_opens_again_once_repaired(fleet, browser_of):
    poison(LEZIGNAN)
    printed = fleet("schools", ADD_MOTTO)
    assert "1 en échec" in printed
    assert "c_11203 : DuplicateColumn 42701" in printed
    assert "seul le reste sera repris" in printed
    assert has_column(NARBONNE)
    assert Commune.objects.get(schema_name=LEZIGNAN).state == "maintenance"
    assert browser_of("lezignan-corbieres.localhost").get("/").status_code == 503
    assert browser_of("narbonne.localhost").get("/").status_code != 503
    heal(LEZIGNAN)
    printed = fleet()
    assert "1 à migrer, faites ; 1 déjà à jour ; 0 en échec" in printed
    assert "Rouvertes après réparation : 1" in printed
    assert Commune.objects.get(schema_name=LEZIGNAN).state == "open"
    assert MigrationRun.objects.count() == 2


def test_a_release_goes_on_without_the_commune_that_failed(fleet):
    poison(LEZIGNAN)
    printed = fleet("schools", ADD_MOTTO, is_release=True)
    assert "1 en échec" in printed
    assert "seul le reste sera repris" not in printed
    assert Commune.objects.get(schema_name=LEZIGNAN).state == "maintenance"


def test_a_release_whose_migration_fails_everywhere_stops(fleet):
    printed = fleet("schools", 'migrations.RunSQL("SELECT 1 / (SELECT count(*) FROM schools_school)")', is_release=True)
    assert "seul le reste sera repris" in printed


def test_a_commune_closed_for_another_reason_is_left_as_it_was(fleet):
    Commune.objects.filter(schema_name=LEZIGNAN).update(state="suspended")
    poison(LEZIGNAN)
    fleet("schools", ADD_MOTTO)
    heal(LEZIGNAN)
    fleet()
    assert Commune.objects.get(schema_name=LEZIGNAN).state == "suspended"


def test_a_maintenance_decided_after_the_repair_is_not_ended_by_a_migration(fleet):
    poison(LEZIGNAN)
    fleet("schools", ADD_MOTTO)
    heal(LEZIGNAN)
    fleet()
    Commune.objects.filter(schema_name=LEZIGNAN).update(state="maintenance")
    fleet()
    assert Commune.objects.get(schema_name=LEZIGNAN).state == "maintenance"


def test_a_plan_that_fails_everywhere_closes_nobody(fleet):
    lay_more("99001", "99002")
    printed = fleet("schools", 'migrations.RunSQL("SELECT 1 / (SELECT count(*) FROM schools_school)")')
    assert "Essai refusé (DivisionByZero 22012) : 4 communes laissées comme elles étaient" in printed
    assert not Commune.objects.filter(state="maintenance").exists()
    assert MigrationRun.objects.get().state == "refused"


def test_migrations_with_python_are_run_one_by_one(fleet):
    code = """
        def fill(apps, editor):
            apps.get_model("schools", "SchoolYear").objects.create(
                id="018f0000-0000-7000-8000-000000000000", label="2030-2031",
                starts_on="2030-09-01", ends_on="2031-07-31")
    """
    fleet("schools", "migrations.RunPython(fill)", code=code)
    for schema in (NARBONNE, LEZIGNAN):
        assert query(f"SELECT label FROM {schema}.schools_schoolyear") == [("2030-2031",)]
        assert is_recorded(schema)
    assert set(MigrationResult.objects.values_list("method", flat=True)) == {"stock"}


def test_python_for_the_academy_alone_does_not_slow_the_communes_down(fleet):
    fleet("reference", "migrations.RunPython(lambda apps, editor: None)")
    assert set(MigrationResult.objects.values_list("method", flat=True)) == {"statements"}


def test_a_migration_without_a_transaction_is_run_one_by_one(fleet):
    index = """AddIndexConcurrently("school", models.Index(fields=["address"], name="school_address"))"""
    code = "from django.contrib.postgres.operations import AddIndexConcurrently\n"
    fleet("schools", index, code=code, attributes="atomic = False")
    assert query("SELECT count(*) FROM pg_indexes WHERE indexname = 'school_address'") == [(2,)]


def test_a_commune_where_somebody_works_is_tried_again(fleet, provisioning_database, monkeypatch):
    monkeypatch.setattr(apply, "LOCK_TIMEOUT_MS", 50)
    monkeypatch.setattr(plan, "LOCK_TIMEOUT_MS", 50)
    url = provisioning_database["owner_url"].rsplit("/", 1)[0] + "/" + provisioning_database["name"]
    somebody = psycopg2.connect(url)
    somebody.cursor().execute(f"LOCK TABLE {LEZIGNAN}.schools_school IN ACCESS SHARE MODE")
    real, busy = runner.migrate_one, []

    def migrate_one(run, schema, its_plan):
        try:
            return real(run, schema, its_plan)
        except runner.TryLaterError:
            busy.append(schema)
            somebody.rollback()
            raise

    monkeypatch.setattr(runner, "migrate_one", migrate_one)
    printed = fleet("schools", ADD_MOTTO)
    somebody.close()
    assert busy == [LEZIGNAN]
    assert "0 en échec" in printed
    assert has_column(LEZIGNAN)


def test_a_commune_that_stays_busy_is_given_up_after_a_few_tries(fleet, provisioning_database, monkeypatch):
    monkeypatch.setattr(apply, "LOCK_TIMEOUT_MS", 20)
    monkeypatch.setattr(plan, "LOCK_TIMEOUT_MS", 20)
    url = provisioning_database["owner_url"].rsplit("/", 1)[0] + "/" + provisioning_database["name"]
    somebody = psycopg2.connect(url)
    somebody.cursor().execute(f"LOCK TABLE {LEZIGNAN}.schools_school IN ACCESS SHARE MODE")
    printed = fleet("schools", ADD_MOTTO)
    somebody.close()
    assert "c_11203 : LockNotAvailable 55P03" in printed
    assert has_column(NARBONNE)


def test_a_server_that_goes_away_closes_no_commune(fleet, monkeypatch):
    def cut(run, schema, its_plan):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(runner, "migrate_one", lambda *args: apply.migrate_one(*args))
    monkeypatch.setattr(apply, "_in_one_message", cut)
    printed = fleet("schools", ADD_MOTTO)
    assert "Arrêt avant la fin" in printed
    assert not Commune.objects.filter(state="maintenance").exists()
    assert MigrationRun.objects.get().state == "interrupted"


def test_content_types_numbered_otherwise_are_brought_back_to_the_public_ones(fleet):
    query(f"UPDATE {LEZIGNAN}.django_content_type SET model = 'later' WHERE model = 'school'")
    query(f"INSERT INTO {LEZIGNAN}.django_content_type (app_label, model) VALUES ('schools', 'school')")
    assert "1 à migrer, faites ; 1 déjà à jour" in fleet(thorough=True)
    with owner(), in_public():
        assert rows_of(LEZIGNAN) == rows_of(NARBONNE)


def test_two_runs_at_once_are_refused(fleet, provisioning_database):
    url = provisioning_database["owner_url"].rsplit("/", 1)[0] + "/" + provisioning_database["name"]
    other = psycopg2.connect(url)
    other.cursor().execute("SELECT pg_advisory_lock(hashtextextended('provisioning:fleet', 0))")
    assert "Une autre migration est en cours" in fleet()
    other.close()


def test_a_new_release_makes_a_new_template_script(fleet, settings, tmp_path):
    release(settings, tmp_path, "schools", ADD_MOTTO)
    told = []
    bootstrap.set_up(spare_count=0, tell=told.append)
    assert any("Script modèle" in line for line in told)
    assert "motto" in template.current().script
