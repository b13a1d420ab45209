"""Who is told that somebody can't get in any more, and what an account's facts ask of it."""

import pytest

from shared_apps.accounts.facts import facts_of
from tenant_apps.people.account_facts import school_names
from tenant_apps.people.helpers import helpers_of
from tests.tenant_apps.people.factories import add_guardian, assign


def told(made, name: str) -> list[tuple[str, str]]:
    return sorted((helper.user.first_name, helper.path.split("/")[1]) for helper in helpers_of(made.user(name)))


def test_a_pupil_is_helped_by_the_teachers_of_the_class(made):
    assert told(made, "Inès") == [("Claire", "classes")]
    assert told(made, "Noé") == [("Agnès", "classes"), ("Joan", "classes")]


def test_a_pupil_whose_class_has_no_teacher_is_helped_by_the_head(made):
    made.people["Claire"].assignments.all().delete()
    assert told(made, "Inès") == [("Martine", "classes")]


def test_an_adult_is_helped_by_the_head_who_gives_the_code(made):
    assert told(made, "Laure") == [("Martine", "personnes")]
    assert told(made, "Odile") == [("Solange", "personnes")]


@pytest.mark.parametrize("name", ["Martine", "Jean"])
def test_a_head_and_the_town_are_helped_by_nobody_of_a_school(made, name):
    assert told(made, name) == []


@pytest.mark.parametrize(
    ("name", "is_asked"),
    [("Martine", True), ("Jean", True), ("Rachid", True), ("Élu", False), ("Claire", False), ("Sophie", False)],
)
def test_heads_and_the_towns_agents_who_read_names_give_a_second_factor(made, name, is_asked):
    assert facts_of(made.user(name)).needs_second_factor is is_asked


def test_facts_tell_who_works_who_learns_and_who_reads(made):
    claire, ines, sophie = (facts_of(made.user(name)) for name in ("Claire", "Inès", "Sophie"))
    assert (claire.is_staff, claire.is_pupil) == (True, False)
    assert (ines.is_pupil, ines.is_too_young) == (True, False)
    assert (sophie.is_staff, sophie.is_pupil) == (False, False)
    made.pupils["Inès"].enrollments.update(grade="CP")
    assert facts_of(made.user("Inès")).is_too_young
    assert set(school_names()) == {"Lakanal", "Arago"}


# --- a teacher gives a parent another code


def code_page(made, name: str) -> str:
    return f"/personnes/{made.people[name].pk}/code/"


@pytest.fixture
def claire(made, browser_of):
    return browser_of("narbonne.localhost", made.user("Claire"))


def test_a_teacher_renews_the_code_of_a_parent_of_the_class_who_is_told(made, claire):
    add_guardian(made, "Nadia", "Alary", ("Inès",))
    before = made.user("Nadia").code_generation
    assert claire.post(code_page(made, "Nadia")).status_code == 302
    user = made.people["Nadia"].account
    user.refresh_from_db()
    assert user.code_generation == before + 1 and not user.is_activated
    assert user.notifications.filter(kind="people.code_renewed").count() == 1


@pytest.mark.parametrize("name", ["Laure", "Joan", "Martine"])
def test_a_teacher_renews_for_nobody_else(made, claire, name):
    assert claire.post(code_page(made, name)).status_code in (403, 404)


def test_a_colleague_who_is_a_parent_too_is_left_to_the_head(made, claire):
    add_guardian(made, "Nadia", "Alary", ("Inès",))
    assign(made, "Nadia", "teacher", "Lakanal", "CM1")
    assert claire.post(code_page(made, "Nadia")).status_code == 403


def test_a_parent_who_gets_the_code_from_another_school_is_left_to_it(made, claire):
    made.link("Tom", "Sophie").save()
    type(made.link("Inès", "Sophie")).objects.filter(pk=made.link("Inès", "Sophie").pk).update(
        created_at="2099-01-01T00:00Z"
    )
    assert claire.post(code_page(made, "Sophie")).status_code == 403


def test_a_teacher_who_left_renews_nothing(made, claire):
    add_guardian(made, "Nadia", "Alary", ("Inès",))
    before = made.user("Nadia").code_generation
    made.people["Claire"].assignments.update(ends_on="2020-01-01", starts_on="2019-01-01")
    claire.post(code_page(made, "Nadia"))
    user = made.people["Nadia"].account
    user.refresh_from_db()
    assert user.code_generation == before
