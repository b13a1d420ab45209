"""An AESH and the children helped by name: who names them, which names open and close, who reads it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from core.errors import DomainError
from tenant_apps.people import services
from tenant_apps.people.models import Enrollment, Pupil, PupilSupport, StaffAssignment
from tenant_apps.people.personal_data import directory
from tenant_apps.schools.models import SchoolClass
from tests.support.pages import said
from tests.tenant_apps.people.factories import add_pupil, assign, days_ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def lina(made):
    """A second child of the CE2, where Paul is an AESH."""
    return add_pupil(made, "Lina", "Pons", "CE2")


def helps(made, name: str = "Inès", adult: str = "Paul") -> PupilSupport:
    return services.add_support(actor=made.user("Martine"), pupil=made.pupils[name], person=made.people[adult])


def names(user) -> str:
    pupils = set(Pupil.objects.visible_to(user).values_list("person__first_name", flat=True))
    assert pupils == set(Enrollment.objects.visible_to(user).values_list("pupil__person__first_name", flat=True))
    return " ".join(sorted(pupils))


def test_an_aesh_reads_the_class_until_children_are_named_then_those_alone(made, lina):
    paul = made.user("Paul")
    assert names(paul) == "Inès Lina"
    support = helps(made)
    assert names(paul) == "Inès"
    assert not SchoolClass.objects.open_to(paul).exists()
    assert SchoolClass.objects.visible_to(paul).get() == made.classes["CE2"]
    services.end_support(actor=made.user("Martine"), support=support)
    assert names(paul) == "Inès Lina"


def test_a_child_of_another_class_of_the_school_may_be_named(made, lina):
    helps(made, "Noé")
    assert names(made.user("Paul")) == "Noé"
    assert names(made.user("Claire")) == "Inès Lina"


def test_the_head_names_the_aesh_on_the_page_of_the_child_and_takes_it_back(made, lina, browse):
    head, path = browse("Martine"), f"/eleves/{made.pupils['Inès'].pk}/"
    assert "Personne n’accompagne cet enfant" in said(head.get(path))
    answer = head.post(path + "accompagnement/ajouter/", {"person": made.people["Paul"].pk})
    assert answer.url == path and "M. Peyre" in said(head.get(path))
    paul = browse("Paul")
    shown = said(paul.get("/ma-classe/"))
    assert "Inès Ferrer" in shown and "Lina" not in shown
    assert paul.get(f"/classes/{made.classes['CE2'].pk}/").status_code == 404
    assert "Lina" not in said(paul.get("/recherche/?q=Pons"))
    support = PupilSupport.objects.get()
    head.post(f"{path}accompagnement/{support.pk}/fin/")
    assert not PupilSupport.objects.exists()  # the same day: it leaves no trace
    assert paul.get("/ma-classe/").url == f"/classes/{made.classes['CE2'].pk}/"


def test_its_family_and_its_teachers_read_it_and_no_other_family(made, lina, browse):
    helps(made, "Noé")
    assert "M. Peyre (AESH)" in said(browse("Laure").get(f"/mes-enfants/{made.pupils['Noé'].pk}/"))
    assert "M. Peyre" in said(browse("Joan").get(f"/eleves/{made.pupils['Noé'].pk}/"))
    seen = {name: PupilSupport.objects.visible_to(made.user(name)).exists() for name in SEEN}
    assert seen == SEEN


SEEN = {
    "Martine": True,  # head
    "Joan": True,  # teaches Noé
    "Paul": True,  # the AESH
    "Laure": True,  # mother of Noé
    "Claire": False,  # teaches another class
    "Sophie": False,
    "Karim": False,
    "Aline": False,  # ATSEM
    "Rachid": False,  # canteen
    "Jean": False,  # school service
    "Solange": False,  # another school
}


@pytest.mark.parametrize("name", ["Claire", "Paul", "Sophie", "Jean", "Solange"])
def test_the_head_of_the_school_alone_names_an_aesh(made, browse, name):
    path = f"/eleves/{made.pupils['Inès'].pk}/accompagnement/ajouter/"
    answer = browse(name).post(path, {"person": made.people["Paul"].pk})
    assert answer.status_code == (403 if name == "Claire" else 404)
    with pytest.raises(PermissionDenied):
        services.add_support(actor=made.user(name), pupil=made.pupils["Inès"], person=made.people["Paul"])
    assert not PupilSupport.objects.exists()


def test_who_is_no_aesh_of_the_school_helps_nobody(made, browse):
    for adult in ("Claire", "Sophie", "Odile"):
        with pytest.raises(DomainError):
            helps(made, "Inès", adult)
        path = f"/eleves/{made.pupils['Inès'].pk}/"
        browse("Martine").post(path + "accompagnement/ajouter/", {"person": made.people[adult].pk})
    with pytest.raises(DomainError):
        services.add_support(actor=None, pupil=made.pupils["Tom"], person=made.people["Paul"])
    assert not PupilSupport.objects.exists()


def test_it_ends_with_the_work_of_the_aesh_or_the_school_of_the_child(made):
    helps(made, "Noé")
    paul = made.user("Paul")
    made.pupils["Noé"].enrollments.update(ends_on=days_ago(0))
    assert names(paul) == "Inès"  # nobody is named any more: the class again
    made.pupils["Noé"].enrollments.update(ends_on=None)
    assert names(paul) == "Noé"
    StaffAssignment.objects.filter(person=made.people["Paul"]).update(ends_on=days_ago(0))
    assert names(paul) == ""


def test_an_aesh_of_two_schools_is_narrowed_where_children_are_named(made, lina):
    assign(made, "Paul", "support_assistant", "Arago", "CM2")
    helps(made)
    assert names(made.user("Paul")) == "Inès Tom"


def test_a_child_helped_twice_by_the_same_person_is_refused_and_who_is_put_back_never_left(made):
    support = helps(made)
    with pytest.raises(DomainError):
        helps(made)
    PupilSupport.objects.update(starts_on=days_ago(30))
    services.end_support(actor=made.user("Martine"), support=support)
    assert not PupilSupport.objects.on().exists()
    with pytest.raises(DomainError):
        services.end_support(actor=made.user("Martine"), support=support)
    assert helps(made) == support
    assert PupilSupport.objects.get().starts_on == days_ago(30)


@pytest.mark.parametrize("facts", [{}, {"ends_on": days_ago(60)}], ids=["twice", "no day"])
def test_the_database_keeps_the_facts_together(made, facts):
    both = {"person": made.people["Paul"], "pupil": made.pupils["Inès"], "starts_on": days_ago(60)}
    PupilSupport.objects.create(**both)
    with pytest.raises(IntegrityError), transaction.atomic():
        PupilSupport.objects.create(**both | facts)


def test_my_data_says_it_without_naming_the_other(made):
    helps(made)
    for name in ("Inès", "Paul"):
        [row] = directory(made.people[name].pk)["accompagnements"]
        assert set(row) == {"depuis le", "jusqu’au, exclu"}
