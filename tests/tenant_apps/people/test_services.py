"""Verbs: each asks its right, says its refusal in French, leaves an audit entry."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.errors import DomainError
from shared_apps.accounts.models import User
from shared_apps.audit.models import Entry
from tenant_apps.people import services
from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil, StaffAssignment
from tenant_apps.people.roles import Role
from tests.tenant_apps.people.factories import days_ago

pytestmark = pytest.mark.django_db
CHILD = {"first_name": "Maël", "last_name": "Pech", "grade": "CE2", "birth_date": date(2018, 5, 2)}


def actions():
    return list(Entry.objects.order_by("sequence").values_list("action", flat=True))


def test_a_head_admits_a_child_who_gets_an_account_and_a_class(made):
    pupil = services.add_pupil(actor=made.user("Martine"), school_class=made.classes["CE2"], **CHILD)
    assert pupil.enrollments.get().school_class == made.classes["CE2"]
    assert pupil.person.account.identifier == "mael.pech"
    assert not pupil.person.account.is_activated
    assert actions() == ["people.person_added", "people.enrolled"]


@pytest.mark.parametrize("who", ["Claire", "Sophie", "Solange", "Jean", "Inès"])
def test_nobody_but_the_head_of_the_school_admits_a_child(made, who):
    with pytest.raises(PermissionDenied):
        services.add_pupil(actor=made.user(who), school_class=made.classes["CE2"], **CHILD)
    assert not Person.objects.filter(birth_name="Pech").exists()


def test_a_child_has_one_class(made):
    with pytest.raises(DomainError, match="déjà dans une classe"):
        services.enroll(
            actor=made.user("Martine"),
            person=made.people["Inès"],
            school_class=made.classes["CM1"],
            grade="CM1",
        )


def test_a_change_of_class_ends_one_enrolment_and_begins_another(made):
    services.change_class(
        actor=made.user("Martine"), pupil=made.pupils["Inès"], school_class=made.classes["CM1"], grade="CM1"
    )
    before, after = made.pupils["Inès"].enrollments.order_by("starts_on")
    assert (before.ends_on, after.starts_on) == (timezone.localdate(), timezone.localdate())
    assert (after.school_class, after.grade) == (made.classes["CM1"], "CM1")


def test_a_class_given_by_mistake_and_changed_the_same_day_leaves_no_trace(made):
    for label in ("CM1", "CE2"):
        services.change_class(
            actor=made.user("Martine"), pupil=made.pupils["Inès"], school_class=made.classes[label], grade="CE2"
        )
    assert [e.school_class.label for e in made.pupils["Inès"].enrollments.order_by("starts_on")] == ["CE2", "CE2"]


def test_a_child_who_moves_is_admitted_by_the_head_of_where_it_arrives(made):
    where = {"pupil": made.pupils["Tom"], "school_class": made.classes["CM1"], "grade": "CM1"}
    with pytest.raises(PermissionDenied):
        services.change_class(actor=made.user("Solange"), **where)
    services.change_class(actor=made.user("Martine"), **where)
    assert Enrollment.objects.on().get(pupil=made.pupils["Tom"]).school_class == made.classes["CM1"]


def test_a_child_struck_off_is_in_no_class(made):
    services.end_enrollment(actor=made.user("Martine"), pupil=made.pupils["Inès"])
    assert not Enrollment.objects.on().filter(pupil=made.pupils["Inès"]).exists()
    assert Pupil.objects.get(pk=made.pupils["Inès"].pk).withdrawn_on == timezone.localdate()
    with pytest.raises(PermissionDenied):
        services.end_enrollment(actor=made.user("Solange"), pupil=made.pupils["Noé"])


def test_a_guardian_is_linked_once_and_the_siblings_wear_different_covers(made):
    link = services.link_guardian(actor=made.user("Martine"), pupil=made.pupils["Noé"], guardian=made.people["Sophie"])
    assert link.contact_order == 2
    covers = list(Pupil.objects.filter(guardianships__guardian=made.people["Sophie"]).values_list("cover", flat=True))
    assert covers.count(1) < len(covers)
    with pytest.raises(DomainError, match="déjà responsable"):
        services.link_guardian(actor=made.user("Martine"), pupil=made.pupils["Noé"], guardian=made.people["Sophie"])


def test_a_link_that_was_ended_may_open_again(made):
    link = made.link("Noé", "Laure")
    services.end_guardianship(actor=made.user("Martine"), guardianship=link)
    assert not Guardianship.objects.current().filter(pk=link.pk).exists()
    with pytest.raises(DomainError, match="déjà terminé"):
        services.end_guardianship(actor=made.user("Martine"), guardianship=link)
    services.link_guardian(actor=made.user("Martine"), pupil=made.pupils["Noé"], guardian=made.people["Laure"])
    assert Guardianship.objects.current().filter(pk=link.pk).exists()


def test_a_child_is_not_its_own_guardian(made):
    with pytest.raises(DomainError, match="son propre responsable"):
        services.link_guardian(actor=made.user("Martine"), pupil=made.pupils["Noé"], guardian=made.people["Noé"])


def test_the_authority_given_or_withdrawn_is_in_the_audit_without_a_name(made):
    link = made.link("Inès", "Karim")
    services.change_guardianship(
        actor=made.user("Martine"), guardianship=link, has_parental_authority=True, kinship="father"
    )
    assert Pupil.objects.informing(made.user("Karim")).exists()
    entry = Entry.objects.get()
    assert entry.facts == {"fields": ["has_parental_authority", "kinship"], "has_parental_authority": True}
    services.change_guardianship(actor=made.user("Martine"), guardianship=link, has_parental_authority=True)
    assert Entry.objects.count() == 1


def test_only_the_columns_of_the_family_change(made):
    with pytest.raises(TypeError):
        services.change_guardianship(
            actor=made.user("Martine"), guardianship=made.link("Inès", "Karim"), pupil=made.pupils["Noé"]
        )


@pytest.mark.parametrize("who", ["Claire", "Sophie", "Karim", "Solange", "Jean"])
def test_nobody_but_the_head_touches_a_family(made, who):
    link = made.link("Inès", "Karim")
    with pytest.raises(PermissionDenied):
        services.change_guardianship(actor=made.user(who), guardianship=link, has_parental_authority=True)
    with pytest.raises(PermissionDenied):
        services.end_guardianship(actor=made.user(who), guardianship=link)
    with pytest.raises(PermissionDenied):
        services.link_guardian(actor=made.user(who), pupil=made.pupils["Inès"], guardian=made.people["Laure"])


def test_a_head_adds_a_teacher_who_gets_an_account_and_a_class(made):
    services.add_staff(
        actor=made.user("Martine"),
        first_name="Lise",
        last_name="Alary",
        role=Role.TEACHER,
        school=made.schools["Lakanal"],
        school_class=made.classes["CM1"],
    )
    assert User.objects.get(identifier="lise.alary").person.assignments.get().school_class == made.classes["CM1"]


@pytest.mark.parametrize("role", [Role.HEAD, Role.SCHOOL_SERVICE, Role.CANTEEN_AGENT, Role.ELECTED])
def test_a_head_appoints_neither_heads_nor_agents_of_the_town(made, role):
    with pytest.raises(PermissionDenied):
        services.assign_staff(
            actor=made.user("Martine"), person=made.people["Laure"], role=role, school=made.schools["Lakanal"]
        )


def test_the_platform_itself_may_appoint(made):
    services.assign_staff(actor=None, person=made.people["Laure"], role=Role.HEAD, school=made.schools["Lakanal"])
    assert StaffAssignment.objects.on().heading().filter(person=made.people["Laure"]).exists()


def test_an_assignment_that_makes_no_sense_is_refused(made):
    lakanal = {"actor": made.user("Martine"), "school": made.schools["Lakanal"], "role": Role.TEACHER}
    with pytest.raises(DomainError, match="pas de cette école"):
        services.assign_staff(person=made.people["Laure"], school_class=made.classes["CM2"], **lakanal)
    with pytest.raises(DomainError, match="après le début"):
        services.assign_staff(person=made.people["Laure"], ends_on=days_ago(1), **lakanal)
    with pytest.raises(DomainError, match="déjà cette fonction"):
        services.assign_staff(person=made.people["Claire"], school_class=made.classes["CE2"], **lakanal)
    with pytest.raises(PermissionDenied):
        services.assign_staff(person=made.people["Laure"], **lakanal | {"school": made.schools["Arago"]})


def test_an_assignment_ended_closes_the_class_the_same_day(made):
    assignment = StaffAssignment.objects.get(person=made.people["Agnès"])
    services.end_assignment(actor=made.user("Martine"), assignment=assignment)
    assert not Pupil.objects.visible_to(made.user("Agnès")).exists()
    with pytest.raises(DomainError, match="déjà terminée"):
        services.end_assignment(actor=made.user("Martine"), assignment=assignment)


def test_an_assignment_may_end_later_and_then_sooner(made):
    assignment = StaffAssignment.objects.get(person=made.people["Agnès"])
    services.end_assignment(
        actor=made.user("Martine"), assignment=assignment, on=timezone.localdate() + timedelta(days=5)
    )
    assert Pupil.objects.visible_to(made.user("Agnès")).exists()
    services.end_assignment(actor=made.user("Martine"), assignment=assignment)
    assert not Pupil.objects.visible_to(made.user("Agnès")).exists()


def test_a_head_does_not_end_the_assignment_of_a_head_nor_of_another_school(made):
    for name in ("Martine", "Odile"):
        assignment = StaffAssignment.objects.get(person=made.people[name])
        with pytest.raises(PermissionDenied):
            services.end_assignment(actor=made.user("Martine"), assignment=assignment)
