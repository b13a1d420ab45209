"""A process killed in the middle of « Appliquer » leaves every table as it was; the same plan then passes."""

import os
import signal
import subprocess
import sys

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from core.tenancy import in_schema
from tenant_apps.imports import services
from tenant_apps.imports.models import ImportPlan
from tenant_apps.imports.samples import make_onde
from tenant_apps.people.models import Guardianship, Pupil, StaffAssignment
from tenant_apps.schools.models import School
from tests.infra.launchers import ROOT
from tests.tenant_apps.imports import files
from tests.tenant_apps.liaison.factories import account, person, school_year

SCHEMA = "c_11262"


def every_table() -> dict[str, list[tuple]]:
    """All the rows of all the tables of the commune."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute("SELECT to_regclass(%s)", [f"{SCHEMA}.{table}"])
            if cursor.fetchone()[0] is not None:
                cursor.execute(f'SELECT * FROM "{SCHEMA}"."{table}" t ORDER BY t::text')
                found[table] = cursor.fetchall()
    return found


def killed_at(cluster, plan, head, where: str) -> int:
    url = cluster["app_url"].rsplit("/", 1)[0] + "/" + cluster["name"]
    command = [sys.executable, "-m", "tests.tenant_apps.imports.mortal", SCHEMA, str(plan.pk), str(head.pk), where]
    environment = os.environ | {"ENT_DATABASE_URL": url}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


@pytest.fixture
def commune(own_database):
    with in_schema(SCHEMA):
        school_year()
        school = School.objects.create(uai="0110427E", name="Lakanal", kind=School.Kind.ELEMENTARY)
        head = account("Martine", "Calas")
        mine = {"person": person("Martine", "Calas", user=head), "role": "head", "school": school}
        StaffAssignment.objects.create(**mine, starts_on=timezone.localdate())
        yield own_database, head, school


@pytest.mark.parametrize("where", ["apply_pupils.insert_accounts", "apply_pupils._enrol", "services._write"])
def test_killed_among_the_pupils_nothing_is_written_and_the_plan_still_passes(commune, where):
    cluster, head, school = commune
    sample = make_onde(files.SMALL_SCHOOL, seed=8)
    plan = services.make_plan(actor=head, school=school, file_name="e.csv", data=sample.pupils)
    before = every_table()
    assert killed_at(cluster, plan, head, where) == -signal.SIGKILL
    assert every_table() == before
    services.apply_plan(actor=head, plan=plan)
    assert Pupil.objects.count() == 37


@pytest.mark.parametrize("where", ["apply_guardians._link", "services.record"])
def test_killed_among_the_families_nothing_is_written_and_the_plan_still_passes(commune, where):
    cluster, head, school = commune
    sample = make_onde(files.SMALL_SCHOOL, seed=8)
    for data in (sample.pupils, sample.guardians):
        plan = services.make_plan(actor=head, school=school, file_name="e.csv", data=data)
        if data is sample.pupils:
            services.apply_plan(actor=head, plan=plan)
    before = every_table()
    assert killed_at(cluster, plan, head, where) == -signal.SIGKILL
    assert every_table() == before
    services.apply_plan(actor=head, plan=plan)
    assert Guardianship.objects.exists()


def test_the_same_files_again_change_no_row_of_any_table(commune):
    """But the plan itself, its lines and the audit, which are the proof that somebody asked."""
    _cluster, head, school = commune
    sample = make_onde(files.SMALL_SCHOOL, seed=8)
    proof = {"imports_importplan", "imports_importline", "audit_entry", "notifications_outboxentry"}

    def load() -> ImportPlan:
        for data in (sample.pupils, sample.guardians):
            plan = services.make_plan(actor=head, school=school, file_name="e.csv", data=data)
            services.apply_plan(actor=head, plan=plan)
        return plan

    load()
    before = every_table()
    again = load()
    after = every_table()
    assert again.counts["unchanged"] > 0
    assert {table for table in after if after[table] != before[table]} <= proof
