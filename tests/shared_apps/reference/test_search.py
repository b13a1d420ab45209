import pytest

from shared_apps.reference import loading
from shared_apps.reference.models import RefCommune, RefSchool

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference():
    loading.load_all()


def names(text: str) -> list[str]:
    return [commune.name for commune in RefCommune.objects.current().search(text)]


@pytest.mark.parametrize("text", ["lezignan", "LÉZIGNAN C", "lezignan-corbieres", "11203", "corbieres lezignan"])
def test_a_commune_is_found_without_accents_nor_case(text):
    assert "Lézignan-Corbières" in names(text)


def test_those_that_begin_so_come_first():
    assert names("nar")[0] == "Narbonne"


def test_a_postal_code_finds_its_communes():
    assert "Narbonne" in names("11100")


def test_a_misspelt_name_finds_the_near_one():
    assert names("narbone")[0] == "Narbonne"


def test_nothing_resembles_nonsense():
    assert names("zzzzqqq") == []


def test_a_school_is_found_by_name_or_number():
    assert [s.uai for s in RefSchool.objects.search("ecole lakanal")] == ["0110427E"]
    assert [s.uai for s in RefSchool.objects.search("0110427e")] == ["0110427E"]
