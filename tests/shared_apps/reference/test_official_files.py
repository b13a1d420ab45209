"""The whole académie: 1,502 communes, 2,067 schools, counted again straight from the files."""

from collections import Counter

import pytest

from shared_apps.reference import loading
from shared_apps.reference.loading import KINDS, SHIPPED
from shared_apps.reference.models import RefCommune, RefSchool
from shared_apps.reference.uai import is_uai
from tests.shared_apps.reference import official

pytestmark = pytest.mark.django_db
KIND_WORDS = {"maternelle": "nursery", "elementaire": "elementary", "primaire": "primary", "specialisee": "special"}


@pytest.fixture
def academy_files(settings, tmp_path):
    settings.REFERENCE_DIR = official.folder(tmp_path)
    loading.load_all()
    return settings.REFERENCE_DIR


def test_every_row_is_loaded_and_a_second_load_changes_nothing(academy_files):
    schools = official.rows(academy_files / official.SCHOOLS)
    assert len(schools) == 2067
    assert RefSchool.objects.current().count() == len(schools)
    assert loading.load_all() == 0


def test_communes_with_a_public_school_are_those_of_the_file(academy_files):
    schools = official.rows(academy_files / official.SCHOOLS)
    expected = Counter(insee[:2] for insee in {s["code_insee"] for s in schools if s["secteur"] == "public"})
    found = Counter(RefCommune.objects.with_public_school().values_list("department_code", flat=True))
    assert found == expected
    assert found.total() == 964 or not official.is_there()


def test_pupils_of_public_schools_are_those_of_the_file(academy_files):
    schools = official.rows(academy_files / official.SCHOOLS)
    expected = sum(int(s["nombre_eleves"] or 0) for s in schools if s["secteur"] == "public")
    assert sum(p or 0 for p in RefSchool.objects.public().values_list("pupils", flat=True)) == expected


def test_a_later_load_of_what_ships_does_not_undo_the_official_one(academy_files, settings):
    settings.REFERENCE_DIR = None
    diff = loading.compare(KINDS["schools"])
    shipped = official.rows(SHIPPED / "ecoles.csv")
    assert len(diff.removed) <= len(shipped)
    loading.apply(diff)
    assert RefSchool.objects.current().count() >= 2067 - len(shipped)


def test_our_hand_written_schools_say_the_same_facts_as_the_official_file():
    shipped = {row["uai"]: row for row in official.rows(SHIPPED / "ecoles.csv")}
    assert all(is_uai(uai) for uai in shipped)
    assert Counter(row["code_insee"] for row in shipped.values()) == {"11262": 30, "11203": 4, "11106": 4}
    if not official.is_there():
        return
    found = [s for s in official.rows(official.FOLDER / official.SCHOOLS) if s["secteur"] == "public"]
    theirs = {s["uai"]: s for s in found if s["code_insee"] in {"11262", "11203", "11106"}}
    assert theirs.keys() == shipped.keys()
    for uai, row in theirs.items():
        for column in ("type", "code_insee", "uai_circonscription", "nombre_eleves", "ulis", "date_ouverture"):
            assert shipped[uai][column] == row[column], (uai, column)


def test_our_communes_file_is_the_official_one_of_the_year():
    ours = official.rows(SHIPPED / "communes.csv")
    assert len(ours) == 1502
    path = official.FOLDER / "communes-academie-montpellier.csv"
    assert not path.is_file() or official.rows(path) == ours


def test_our_calendar_says_the_same_days_as_the_official_facts():
    ours = {(row["type"], row["debut"], row["fin"]) for row in official.rows(SHIPPED / "calendrier-zone-c.csv")}
    path = official.FOLDER / "calendrier-zone-c.csv"
    assert len(ours) == 36
    if path.is_file():
        assert {(row["type"], row["debut"], row["fin"]) for row in official.rows(path)} == ours
