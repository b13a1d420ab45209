"""The académie's directory for a whole commune, by the command that its operators have."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tenant_apps.imports.models import ImportPlan
from tenant_apps.people.models import Enrollment, Pupil
from tenant_apps.schools.models import School
from tests.tenant_apps.imports import directory
from tests.tenant_apps.imports.directory import INES, OTHER, SCHOOL, TOM, record
from tests.tenant_apps.liaison.factories import school_year

pytestmark = pytest.mark.django_db


@pytest.fixture
def schools(in_narbonne):
    school_year()
    for uai, name in (("0110427E", "Lakanal"), ("0110429G", "Arago"), ("0110440U", "Pasteur")):
        School.objects.create(uai=uai, name=name, kind=School.Kind.ELEMENTARY)


@pytest.fixture
def folder(tmp_path):
    elsewhere = {**TOM, "ENTPersonStructRattach": "901", "ENTPersonClasses": "901$CLASSE$-$9$CP"}
    pages = directory.pages(
        EtabEducNat=[record("EtabEducNat", SCHOOL), record("EtabEducNat", OTHER)],
        Eleve=[record("Eleve", INES), record("Eleve", elsewhere)],
    )
    for name, data in pages.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def run(*arguments: str) -> str:
    said = StringIO()
    call_command("commune", "import-aaf", *arguments, stdout=said)
    return said.getvalue()


def test_each_school_gets_its_plan_and_nothing_is_written(schools, folder):
    said = run("11262", str(folder))
    assert "0110427E Lakanal · 1 à créer" in said
    assert "0110440U Pasteur · L’école 0110440U n’est pas dans ces fichiers" in said
    assert ImportPlan.objects.filter(kind="aaf", state="ready", created_by=None).count() == 2
    assert not Pupil.objects.exists()


def test_applied_each_school_gets_its_own_pupils(schools, folder):
    run("11262", str(folder), "--apply")
    found = Enrollment.objects.values_list("school_class__school__name", "pupil__person__first_name")
    assert set(found) == {("Lakanal", "Inès"), ("Arago", "Tom")}


def test_a_folder_without_files_says_so(schools, tmp_path):
    with pytest.raises(CommandError, match="aucun fichier XML"):
        run("11262", str(tmp_path))
