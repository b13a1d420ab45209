"""A whole town in one go: its invented files, and the command that imports a folder."""

from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.tenancy import in_schema
from shared_apps.audit.models import Entry
from tenant_apps.imports.models import ImportLine, ImportPlan
from tenant_apps.imports.towns import TownSchool, make_town
from tenant_apps.people.models import Enrollment, Guardianship, Pupil, StaffAssignment
from tenant_apps.schools.models import School
from tests.tenant_apps.imports import books
from tests.tenant_apps.imports.test_samples import rows_of

TOWN = [
    TownSchool("0110427E", "elementaire", 118),
    TownSchool("0110440U", "maternelle", 69),
    TownSchool("0110429G", "primaire", 95),
]


@pytest.fixture(scope="module")
def town():
    return make_town(TOWN, seed=3)


def test_a_town_has_the_numbers_of_its_schools_and_the_families_of_a_town(town):
    pupils = {uai: rows_of(files.pupils) for uai, files in town.items()}
    adults = {uai: rows_of(files.guardians) for uai, files in town.items()}
    assert {uai: len(rows) for uai, rows in pupils.items()} == {school.uai: school.pupils for school in TOWN}
    everyone = [row.data for rows in pupils.values() for row in rows]
    assert not any(row.is_bad for rows in (*pupils.values(), *adults.values()) for row in rows)
    homes = Counter((row["birth_name"], row["address"]) for row in everyone)
    here = {uai: {(row.data["birth_name"], row.data["address"]) for row in rows} for uai, rows in pupils.items()}
    assert here["0110427E"] & here["0110440U"]  # brothers and sisters in two schools
    born = Counter((row["birth_name"], row["address"], row["birth_date"]) for row in everyone)
    assert max(born.values()) >= 2  # twins
    assert max(homes.values()) >= 3
    last = [row["birth_name"] for row in everyone]
    assert any(name.startswith(("De ", "D’", "El ", "Ben ", "Da ", "Le ", "La ", "Von ")) for name in last)
    assert any(not name.isascii() for name in last)
    known = [row["ine"] for row in everyone if row["ine"]]
    assert len(set(known)) == len(known)
    assert make_town(TOWN, seed=3) == town


@pytest.fixture
def folder(tmp_path, town):
    for uai, files in town.items():
        (tmp_path / f"{uai}-eleves.csv").write_bytes(files.pupils)
        (tmp_path / uai).mkdir()
        (tmp_path / uai / "CSVExtraction.csv").write_bytes(files.guardians)
    return tmp_path


@pytest.fixture
def schools(in_narbonne):
    from tests.tenant_apps.liaison.factories import school_year

    school_year()
    return [School.objects.create(uai=s.uai, name=s.uai, kind=School.Kind.ELEMENTARY) for s in TOWN]


def run(folder, insee: str = "11262") -> str:
    out = StringIO()
    call_command("commune", "import", insee, str(folder), stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_command_imports_the_folder_of_a_town_and_decides_nothing(schools, folder):
    told = run(folder)
    waiting = sum(plan.counts["to_decide"] for plan in ImportPlan.objects.all())
    assert f"6 fichiers ; 0 refusés ; {waiting} lignes attendent" in told
    assert Enrollment.objects.on().count() == Pupil.objects.count()
    asked = ImportPlan.objects.filter(kind="onde_pupils")
    assert Pupil.objects.count() == 282 - sum(plan.counts["to_decide"] for plan in asked)
    both = Guardianship.objects.values("guardian").distinct().count()
    assert Guardianship.objects.count() > both  # one account for the children of two schools
    assert set(Entry.objects.filter(action="imports.applied").values_list("actor_id", flat=True)) == {None}
    assert not ImportPlan.objects.exclude(created_by=None).exists()


@pytest.mark.django_db
def test_of_what_the_command_read_only_the_lines_that_wait_for_a_person_are_not_written(schools, folder):
    run(folder)
    run(folder)
    left = ImportLine.objects.filter(is_applied=False)
    assert left.exists()
    assert set(left.values_list("status", flat=True)) == {"to_decide"}
    assert not ImportLine.objects.filter(status="to_decide", is_applied=True).exists()
    again = ImportPlan.objects.order_by("-created_at")[:6]
    assert sum(plan.counts["unchanged"] for plan in again) > 282
    assert not sum(plan.counts["created"] for plan in again)


@pytest.mark.django_db
def test_the_list_of_a_school_s_teachers_comes_in_the_folder_too(schools, folder):
    named = next(iter(rows_of((folder / "0110427E-eleves.csv").read_bytes()))).data["class_label"]
    (folder / "0110427E-enseignants.csv").write_bytes(books.teachers(books.VIDAL | {"Classe": named}))
    assert "7 fichiers ; 0 refusés" in run(folder)
    teacher = StaffAssignment.objects.get(person__birth_name="Vidal")
    assert (teacher.school_class.school.uai, teacher.school_class.label) == ("0110427E", named)


@pytest.mark.django_db
def test_a_file_without_a_school_or_that_is_no_export_stops_itself_only(schools, folder):
    (folder / "0110427E-eleves.csv").rename(folder / "eleves.csv")
    (folder / "0110440U-eleves.csv").write_bytes(b"%PDF-1.7")
    told = run(folder)
    assert "6 fichiers ; 2 refusés" in told
    assert Enrollment.objects.on().count() == 95  # the school whose file is right
    assert "l’UAI d’une école de la commune" in told
    assert "un PDF ou une image" in told


@pytest.mark.django_db
def test_a_commune_that_is_not_open_and_a_folder_that_is_not_there_are_refused(narbonne, folder):
    for insee, where in (("99999", folder), ("11262", folder / "nowhere")):
        with pytest.raises(CommandError, match="commune ouverte"):
            run(where, insee)


@pytest.mark.django_db
def test_nothing_of_it_reaches_another_commune(schools, folder, lezignan):
    run(folder)
    with in_schema(lezignan.schema_name):
        assert not Pupil.objects.exists()
