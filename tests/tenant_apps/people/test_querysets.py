"""Who sees whom. The expected answers are written by hand, relation by relation."""

import pytest

from core.tenancy import in_schema
from shared_apps.accounts.models import User
from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil, StaffAssignment
from tenant_apps.people.roles import Role
from tenant_apps.schools.models import School, SchoolClass
from tests.support.people import account
from tests.tenant_apps.people.factories import add_guardian, assign, days_ago, person

pytestmark = pytest.mark.django_db

# viewer: schools, classes, pupils
SEEN = {
    "Martine": ("Lakanal", "CE2 CM1", "Inès Noé"),  # head
    "Claire": ("Lakanal", "CE2", "Inès"),  # teacher
    "Joan": ("Lakanal", "CM1", "Noé"),
    "Agnès": ("Lakanal", "CM1", "Noé"),  # substitute
    "Paul": ("Lakanal", "CE2", "Inès"),  # AESH
    "Solange": ("Arago", "CM2", "Tom"),  # another head
    "Aline": ("Lakanal", "CE2", "Inès"),  # ATSEM of one class
    "Rachid": ("Lakanal", "CE2 CM1", "Inès Noé"),  # canteen of one school
    "Jean": ("Arago Lakanal", "CE2 CM1 CM2", "Inès Noé Tom"),  # school service: the commune
    "Élu": ("Lakanal", "", ""),  # an elected member sees no child
    "Sophie": ("Arago Lakanal", "CE2 CM2", "Inès Tom"),  # two children in two schools
    "Karim": ("Lakanal", "CE2", "Inès"),  # without the authority: still the father
    "Laure": ("Lakanal", "CM1", "Noé"),
    "Inès": ("Lakanal", "CE2", "Inès"),
}
# viewer: the adults of families whose data open, and the links
FAMILIES = {
    "Martine": "Inès-Karim Inès-Sophie Noé-Laure",
    "Claire": "Inès-Karim Inès-Sophie",
    "Agnès": "Noé-Laure",
    "Paul": "",
    "Solange": "Tom-Sophie",
    "Aline": "",
    "Rachid": "",
    "Jean": "",
    "Sophie": "Inès-Sophie Tom-Sophie",  # not the other parent's
    "Karim": "Inès-Karim",
    "Inès": "",
}
STAFF = {
    "Martine": "Agnès Aline Claire Joan Martine Paul Rachid Élu",
    "Claire": "Agnès Aline Claire Joan Martine Paul Rachid Élu",
    "Solange": "Odile Solange",
    "Sophie": "Claire Martine Odile Paul Solange",
    "Inès": "Claire Martine Paul",
    "Noé": "Agnès Joan Martine",
}


def names(rows, path: str) -> str:
    return " ".join(sorted(set(rows.order_by().values_list(path, flat=True))))


@pytest.mark.parametrize("viewer", SEEN)
def test_schools_classes_and_pupils_start_from_relations(made, viewer):
    user = made.user(viewer)
    schools, classes, pupils = SEEN[viewer]
    assert names(School.objects.visible_to(user), "name") == schools
    assert names(SchoolClass.objects.visible_to(user), "label") == classes
    assert names(Pupil.objects.visible_to(user), "person__first_name") == pupils
    assert names(Enrollment.objects.visible_to(user), "pupil__person__first_name") == pupils


@pytest.mark.parametrize("viewer", FAMILIES)
def test_families_open_to_the_head_and_the_teachers_of_the_class(made, viewer):
    links = Guardianship.objects.visible_to(made.user(viewer))
    found = links.values_list("pupil__person__first_name", "guardian__first_name")
    assert " ".join(sorted(f"{child}-{adult}" for child, adult in found)) == FAMILIES[viewer]


@pytest.mark.parametrize("viewer", STAFF)
def test_the_team_is_known_to_colleagues_and_to_the_families_concerned(made, viewer):
    found = StaffAssignment.objects.visible_to(made.user(viewer))
    assert names(found, "person__first_name") == STAFF[viewer]


def test_persons_are_what_the_relations_add_up_to(made):
    def seen(viewer):
        return names(Person.objects.visible_to(made.user(viewer)), "first_name")

    assert seen("Claire") == "Agnès Aline Claire Inès Joan Karim Martine Paul Rachid Sophie Élu"
    assert seen("Rachid") == "Agnès Aline Claire Inès Joan Martine Noé Paul Rachid Élu"
    assert seen("Karim") == "Claire Inès Karim Martine Paul"
    assert seen("Noé") == "Agnès Joan Martine Noé"


@pytest.mark.parametrize("model", [School, SchoolClass, Pupil, Enrollment, Guardianship, StaffAssignment])
def test_an_account_without_relation_sees_nothing(made, model):
    assert not model.objects.visible_to(account("per.sona")).exists()


def test_an_assignment_opens_from_its_day_to_the_eve_of_its_end(made):
    made.people["Lise"] = person("Lise", "Alary")
    for starts, ends in ((60, 0), (-1, None), (30, 10)):
        StaffAssignment.objects.filter(person=made.people["Lise"]).delete()
        ends_on = None if ends is None else days_ago(ends)
        assign(made, "Lise", Role.TEACHER, "Lakanal", "CE2", starts_on=days_ago(starts), ends_on=ends_on)
        assert not Pupil.objects.visible_to(made.user("Lise")).exists()
    assign(made, "Lise", Role.TEACHER, "Lakanal", "CE2", starts_on=days_ago(0), ends_on=days_ago(-1))
    assert Pupil.objects.visible_to(made.user("Lise")).exists()


def test_a_teacher_without_class_reads_no_class_of_the_school(made):
    made.people["Lise"] = person("Lise", "Alary")
    assign(made, "Lise", Role.TEACHER, "Lakanal")
    assert not SchoolClass.objects.open_to(made.user("Lise")).exists()


def test_an_agent_of_the_town_without_school_reads_nothing_unless_of_the_school_service(made):
    made.people["Ana"] = person("Ana", "Pires")
    assign(made, "Ana", Role.BILLING_OFFICER)
    assert not SchoolClass.objects.open_to(made.user("Ana")).exists()
    assert SchoolClass.objects.open_to(made.user("Jean")).count() == 3


def test_a_head_who_teaches_elsewhere_sees_that_class_and_not_that_school(made):
    assign(made, "Solange", Role.TEACHER, "Lakanal", "CM1")
    assert names(SchoolClass.objects.open_to(made.user("Solange")), "label") == "CM1 CM2"


def test_a_link_ended_closes_at_once(made):
    Guardianship.objects.filter(guardian=made.people["Laure"]).update(ended_on=days_ago(0))
    assert not Pupil.objects.visible_to(made.user("Laure")).exists()
    assert names(Guardianship.objects.visible_to(made.user("Martine")), "guardian__first_name") == "Karim Sophie"


def test_what_the_school_writes_reaches_the_holders_of_the_authority_alone(made):
    assert names(Pupil.objects.informing(made.user("Sophie")), "person__first_name") == "Inès Tom"
    assert not Pupil.objects.informing(made.user("Karim")).exists()


def test_a_half_sister_shares_one_parent_and_not_the_other(made):
    add_guardian(made, "Marc", "Pech", ("Tom",))
    assert names(Pupil.objects.visible_to(made.user("Marc")), "person__first_name") == "Tom"


def test_a_child_who_left_the_school_is_no_longer_seen_by_it(made):
    Enrollment.objects.filter(pupil=made.pupils["Inès"]).update(ends_on=days_ago(0))
    assert names(Pupil.objects.visible_to(made.user("Martine")), "person__first_name") == "Noé"
    assert not Guardianship.objects.visible_to(made.user("Claire")).exists()


def test_the_same_account_number_in_another_commune_sees_nothing_there(made, lezignan):
    """Ids are UUIDs, but the rule doesn't lean on it: rows start from relations of the commune."""
    user = made.user("Martine")
    with in_schema(lezignan.schema_name):
        User.objects.create(pk=user.pk, identifier="m.calas", first_name="M", last_name="C", password="!")
        assert not School.objects.visible_to(user).exists()
        assert not Pupil.objects.visible_to(user).exists()


@pytest.mark.parametrize("typed", ["ines", "INÈS", "fer", "ferrer ines", "Inès Fer", "  ines  ", "in"])
def test_a_search_forgives_accents_case_and_order(made, typed):
    assert "Inès" in names(Pupil.objects.named(typed), "person__first_name")


@pytest.mark.parametrize("typed", ["", "  ", "errer", "%", "_", "’"])
def test_a_search_of_nothing_finds_nobody(made, typed):
    assert not Pupil.objects.named(typed).exists()
    assert not Person.objects.named(typed).exists()
