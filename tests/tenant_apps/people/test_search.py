"""« Rechercher »: accents, typing errors, and nobody whom one's functions do not open."""

import pytest

from tenant_apps.people.models import Person
from tenant_apps.people.querysets import nearness
from tests.support.names import names
from tests.tenant_apps.people.factories import add_guardian, add_pupil

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"


@pytest.fixture
def search(made, browser_of):
    return lambda name, text: browser_of(HOST, made.user(name)).get("/recherche/", {"q": text})


@pytest.mark.parametrize("text", ["inès", "INES", "ines ferrer", "Ferrer Inès", "ferr", "in fer"])
def test_accents_case_order_and_beginnings_find(made, search, text):
    page = search("Martine", text).text
    assert "Inès Ferrer" in page
    assert "les plus proches" not in page


@pytest.mark.parametrize("text", ["ferer", "ferrrer", "inés ferer", "vidla", "cabanell", "cabenel"])
def test_a_typing_error_finds_the_nearest_and_says_so(made, search, text):
    page = search("Martine", text).text
    assert "les plus proches" in page
    assert any(name in page for name in ("Inès Ferrer", "Claire Vidal", "Noé Cabanel"))


def test_each_result_tells_class_school_child_or_function(made, search):
    page = search("Martine", "ferrer").text
    assert "CE2, Lakanal" in page
    assert "responsable de Inès Ferrer" in page
    assert "enseignant, CE2, Lakanal" in search("Martine", "vidal").text


@pytest.mark.parametrize(
    ("who", "found", "hidden"),
    [
        ("Martine", ["Inès", "Sophie"], ["Tom"]),  # her school; not the brother in another
        ("Claire", ["Inès", "Sophie", "Karim"], ["Tom"]),
        ("Joan", [], ["Inès", "Sophie"]),  # another class
        ("Paul", ["Inès"], ["Sophie", "Karim"]),  # an AESH reads names, no family
        ("Rachid", ["Inès"], ["Sophie", "Karim", "Tom"]),
        ("Jean", ["Inès", "Tom"], ["Sophie", "Karim"]),  # the town reads no family
        ("Élu", [], ["Inès", "Tom", "Sophie"]),
    ],
)
def test_one_finds_only_who_is_visible(made, search, who, found, hidden):
    page = search(who, "ferrer").text
    for name in found:
        assert f"{name} Ferrer" in page
    for name in hidden:
        assert f"{name} Ferrer" not in page


def test_a_child_of_another_school_is_not_named_on_the_line_of_its_mother(made, search):
    assert not names(search("Martine", "sophie").text, "Tom")


@pytest.mark.parametrize("name", ["Sophie", "Inès"])
def test_families_have_no_search(made, search, name):
    assert search(name, "a").status_code == 403


@pytest.mark.parametrize("text", ["%", "_", "'; --", "\\", "%%%", "100%", "é" * 500])
def test_signs_of_the_database_find_nobody(made, search, text):
    answer = search("Martine", text)
    assert answer.status_code == 200
    assert "Inès" not in answer.text


def test_a_name_without_a_link_leads_nowhere(made, search):
    assert f"/eleves/{made.pupils['Inès'].pk}/" not in search("Rachid", "ines").text
    assert f"/eleves/{made.pupils['Inès'].pk}/" in search("Claire", "ines").text


def test_a_search_costs_the_same_whatever_it_finds(made, search, django_assert_max_num_queries):
    for number in range(12):
        add_pupil(made, f"A{number}", "Nombreux", "CE2")
        add_guardian(made, f"B{number}", "Nombreux", (f"A{number}",))
    search("Martine", "nombreux")  # what a process learns once
    with django_assert_max_num_queries(15):
        assert search("Martine", "nombreux").status_code == 200


def test_several_words_must_all_be_near(made):
    with nearness():
        assert not Person.objects.resembling("ferer zzzzz").exists()
        assert Person.objects.resembling("ferer ines").first() == made.people["Inès"]
