"""The template script: a replayed commune is a migrated commune."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction, utils

from core.tenancy import in_public, in_schema
from provisioning import bootstrap, pg_dump, privileges, schemas, spares, template
from provisioning.models import SpareSchema, TemplateScript
from provisioning.sessions import owner
from tests.provisioning.catalogue import lines_of, rows_of

BORN = "c_11262"


def lay_by_migrations(schema):
    schemas.create(schema)
    schemas.migrate(schema)
    template.copy_reference_rows(schema)
    schemas.execute(privileges.grant(schema, schema))


def test_migrated_replayed_and_spare_schemas_are_the_same(as_owner):
    lay_by_migrations("c_99001")
    spares.fill(1)
    with transaction.atomic():
        spares.take("c_99002")
    expected = lines_of("c_99001")
    assert len(expected) > 500
    assert lines_of(BORN) == expected
    assert lines_of("c_99002") == expected


def test_the_first_rows_bear_the_same_ids_in_every_schema_the_public_one_included(as_owner):
    lay_by_migrations("c_99001")
    migrated, replayed, public = rows_of("c_99001"), rows_of(BORN), rows_of("public")
    assert migrated == replayed
    for table in template.REFERENCE_ROWS:
        assert replayed[table] == public[table]


def test_a_content_type_made_later_goes_on_after_the_copied_ones(as_owner):
    with in_schema(BORN):
        last = ContentType.objects.order_by("-id").first()
        made = ContentType.objects.create(app_label="later", model="thing")
    assert made.pk == last.pk + 1


def test_a_script_made_by_other_migrations_is_not_replayed(as_owner, monkeypatch):
    monkeypatch.setattr(template, "fingerprint", lambda: "of another release")
    assert template.current() is None


def test_a_script_whose_text_was_changed_is_not_replayed(as_owner):
    TemplateScript.objects.update(script="DROP SCHEMA public")
    assert template.current() is None


@pytest.mark.django_db
def test_the_academy_reads_the_script_and_never_writes_it():
    assert TemplateScript.objects.exists()
    with pytest.raises(utils.ProgrammingError, match="permission denied"), transaction.atomic():
        TemplateScript.objects.update(script="")


def test_without_pg_dump_a_commune_is_laid_by_migrations_and_the_operator_is_told(as_owner, monkeypatch):
    def absent():
        raise pg_dump.NoDumpError("pg_dump introuvable")

    expected = lines_of(BORN)
    monkeypatch.setattr(pg_dump, "program", absent)
    TemplateScript.objects.all().delete()
    told = []
    bootstrap.set_up(spare_count=2, tell=told.append)
    assert "pg_dump introuvable" in told[0]
    assert "fleet bootstrap" in told[0]
    schemas.create("c_99001")
    template.lay("c_99001")
    assert lines_of("c_99001") == expected


def test_setting_up_twice_changes_nothing_and_leaves_no_template_behind(as_owner):
    before = TemplateScript.objects.get()
    told = []
    bootstrap.set_up(spare_count=0, tell=told.append)
    assert told == []
    assert TemplateScript.objects.get().created_at == before.created_at
    assert not schemas.existing([template.SCHEMA])


def test_stale_spares_are_dropped_with_their_role_and_replaced(as_owner):
    spares.fill(1)
    SpareSchema.objects.update(digest="old")
    assert spares.fill(1) == 1
    spare = SpareSchema.objects.get()
    assert spare.digest == template.current().digest
    spares.fill(0)
    with in_public(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'c\\_spare%'")
        assert cursor.fetchone() == (1,)


def test_a_spare_held_by_an_opening_is_left_to_it(as_owner):
    import threading

    spares.fill(2)
    names = list(SpareSchema.objects.values_list("schema_name", flat=True))
    taken = []

    def other():
        with owner(), transaction.atomic():
            taken.append(spares.take("c_99003").schema_name)
        connection.close()

    with transaction.atomic():
        taken.append(spares.take("c_99004").schema_name)
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert sorted(taken) == sorted(names)
