"""Which school gives whose code: whoever holds a code gets all that the account opens."""

import pytest

from tenant_apps.people.keepers import keepers_of
from tenant_apps.people.models import Enrollment, Guardianship
from tenant_apps.people.roles import Role
from tests.tenant_apps.people.factories import assign, days_ago, enroll

pytestmark = pytest.mark.django_db


def keeper(made, name):
    school = keepers_of([made.people[name].pk])[made.people[name].pk]
    return next((name for name, one in made.schools.items() if one.pk == school), None)


@pytest.mark.parametrize(
    ("name", "school"),
    [("Inès", "Lakanal"), ("Tom", "Arago"), ("Laure", "Lakanal"), ("Claire", "Lakanal"), ("Solange", "Arago")],
)
def test_a_code_is_given_by_ones_school(made, name, school):
    assert keeper(made, name) == school


def test_a_parent_of_two_schools_gets_it_from_the_first(made):
    assert keeper(made, "Sophie") == "Lakanal"
    Guardianship.objects.filter(pupil=made.pupils["Inès"], guardian=made.people["Sophie"]).update(ended_on=days_ago(0))
    assert keeper(made, "Sophie") == "Arago"


def test_a_school_that_adds_somebody_does_not_get_their_code(made):
    """Or a head would enter another school's families by naming one of its teachers in theirs."""
    assign(made, "Odile", Role.TEACHER, "Lakanal", "CM1")
    assign(made, "Laure", Role.SUPPORT_ASSISTANT, "Arago", "CM2")
    assert keeper(made, "Odile") == "Arago"
    assert keeper(made, "Laure") == "Lakanal"


def test_a_head_who_is_a_parent_elsewhere_gets_it_from_no_other_school(made):
    Guardianship.objects.create(pupil=made.pupils["Inès"], guardian=made.people["Solange"])
    assign(made, "Sophie", Role.HEAD, "Arago")
    assert keeper(made, "Solange") == "Arago"
    assert keeper(made, "Sophie") == "Arago"


@pytest.mark.parametrize("name", ["Jean", "Rachid", "Élu"])
def test_the_town_gives_its_agents_theirs(made, name):
    assert keeper(made, name) is None


def test_an_agent_of_the_town_who_is_a_parent_gets_it_from_no_school(made):
    Guardianship.objects.create(pupil=made.pupils["Inès"], guardian=made.people["Jean"])
    assert keeper(made, "Jean") is None


def test_nobody_gives_the_code_of_who_has_no_link_left(made):
    Enrollment.objects.filter(pupil=made.pupils["Tom"]).update(ends_on=days_ago(0))
    assert keeper(made, "Tom") is None


def test_a_child_who_moves_gets_it_from_the_new_school(made):
    Enrollment.objects.filter(pupil=made.pupils["Tom"]).update(ends_on=days_ago(0))
    enroll(made.pupils["Tom"], made.classes["CM1"])
    assert keeper(made, "Tom") == "Lakanal"


def test_three_questions_whatever_the_number(made, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        keepers_of(person.pk for person in made.people.values())
