"""Plan, decide, apply: what a file changes, and what it never changes alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import DomainError
from shared_apps.accounts.models import User
from tenant_apps.imports import services
from tenant_apps.imports.models import ImportLine
from tenant_apps.imports.samples import make_onde
from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil, StaffAssignment
from tenant_apps.schools.models import School, SchoolClass
from tests.tenant_apps.imports import files

pytestmark = pytest.mark.django_db


def plan(head, school, data: bytes):
    return services.make_plan(actor=head, school=school, file_name="CSVExtraction.csv", data=data)


def load(head, school, data: bytes):
    made = plan(head, school, data)
    services.apply_plan(actor=head, plan=made)
    return made


def test_a_school_of_three_hundred_is_planned_then_applied_with_its_families(head, school):
    sample = make_onde(files.SCHOOL_OF_300, seed=3)
    made = plan(head, school, sample.pupils)
    assert made.counts["created"] == 300
    assert not Pupil.objects.exists()
    services.apply_plan(actor=head, plan=made)
    assert Enrollment.objects.on().count() == 300
    assert SchoolClass.objects.filter(school=school).count() == len(files.SCHOOL_OF_300)
    assert not Person.objects.filter(account=None).exists()
    families = load(head, school, sample.guardians)
    counts = families.counts
    assert sum(counts.values()) == families.lines.count()
    reported = " ".join(families.lines.values_list("reason", flat=True))
    for pupil in Pupil.objects.filter(guardianships=None).select_related("person"):
        assert pupil.person.full_name in reported  # a homonym in the class, or its sibling: told, never guessed


@pytest.mark.parametrize("which", ["pupils", "guardians"])
def test_the_same_file_again_changes_nothing(head, school, which):
    sample = make_onde(files.SMALL_SCHOOL, seed=4)
    load(head, school, sample.pupils)
    load(head, school, sample.guardians)
    before = (User.objects.count(), Person.objects.count(), Guardianship.objects.count(), Enrollment.objects.count())
    again = load(head, school, getattr(sample, which))
    counts = again.counts
    assert counts["created"] == counts["updated"] == counts["to_decide"] == 0
    assert before == (
        User.objects.count(),
        Person.objects.count(),
        Guardianship.objects.count(),
        Enrollment.objects.count(),
    )


def test_a_class_change_ends_an_enrolment_and_begins_another(head, school):
    load(head, school, files.pupils(files.INES))
    Enrollment.objects.update(starts_on=timezone.localdate() - timedelta(days=60))
    load(head, school, files.pupils(files.INES | {"Niveau": "CM1", "Libellé classe": "CM1 M. Pujol"}))
    pupil = Pupil.objects.get()
    assert pupil.enrollments.count() == 2
    assert pupil.enrollments.get(ends_on=None).school_class.label == "CM1 M. Pujol"


def test_an_ine_recognises_a_child_whose_name_was_corrected(head, school):
    load(head, school, files.pupils(files.INES))
    made = load(head, school, files.pupils(files.INES | {"Prénom élève": "Inès-Marie"}))
    assert made.lines.get(number=2).changes == {"first_name": ["Inès", "Inès-Marie"]}
    assert Pupil.objects.get().person.first_name == "Inès-Marie"


def test_a_name_alone_never_merges_two_children(head, school):
    load(head, school, files.pupils(files.INES | {"INE": ""}))
    made = plan(head, school, files.pupils(files.INES | {"INE": "", "Date naissance": "2018-05-14"}))
    line = made.lines.get(number=2)
    assert line.status == ImportLine.Status.TO_DECIDE
    services.apply_plan(actor=head, plan=made)
    assert Pupil.objects.count() == 1


@pytest.mark.parametrize(("decision", "pupils", "birth"), [("same", 1, "2018-05-14"), ("new", 2, "2018-03-14")])
def test_a_person_decides_of_a_homonym(head, school, decision, pupils, birth):
    load(head, school, files.pupils(files.INES | {"INE": ""}))
    made = plan(head, school, files.pupils(files.INES | {"INE": "", "Date naissance": "2018-05-14"}))
    services.decide(actor=head, line=made.lines.get(number=2), decision=decision)
    services.apply_plan(actor=head, plan=made)
    assert Pupil.objects.count() == pupils
    first = Pupil.objects.order_by("created_at").first()
    assert first.person.birth_date.isoformat() == birth


def test_twins_and_homonyms_with_two_ines_are_two_children(head, school):
    twin = files.INES | {"Prénom élève": "Alix", "INE": "000000009ZZ"}
    homonym = files.INES | {"INE": "000000008YY", "Date naissance": "2018-03-14"}
    made = load(head, school, files.pupils(files.INES, twin, homonym))
    assert made.counts["created"] == 3
    assert Pupil.objects.count() == 3


def test_a_line_repeated_in_the_file_is_rejected_with_its_reason(head, school):
    made = plan(head, school, files.pupils(files.INES, files.INES))
    line = made.lines.get(number=3)
    assert line.status == ImportLine.Status.REJECTED
    assert line.reason == "Cette ligne répète la ligne 2."


def test_a_child_of_another_school_is_a_human_decision(head, school):
    load(head, school, files.pupils(files.INES))
    other = School.objects.create(uai="0110429G", name="Arago", kind=School.Kind.ELEMENTARY)
    StaffAssignment.objects.create(person=head.person, role="head", school=other, starts_on=timezone.localdate())
    made = plan(head, other, files.pupils(files.INES))
    line = made.lines.get(number=2)
    assert line.status == ImportLine.Status.TO_DECIDE
    assert "Lakanal" in line.reason


def test_those_whom_the_file_does_not_mention_stay(head, school):
    tom = files.INES | {"Prénom élève": "Tom", "INE": "000000002AB"}
    load(head, school, files.pupils(files.INES, tom))
    made = load(head, school, files.pupils(files.INES))
    assert [line.name for line in made.lines.filter(status="left")] == ["Tom Ferrer"]
    assert Enrollment.objects.on().count() == 2


def test_a_plan_made_stale_by_another_import_is_refused(head, school):
    stale = plan(head, school, files.pupils(files.INES))
    load(head, school, files.pupils(files.INES | {"INE": "000000007XX", "Prénom élève": "Noé"}))
    with pytest.raises(DomainError, match="refaites la vérification"):
        services.apply_plan(actor=head, plan=stale)
    assert Pupil.objects.count() == 1


def test_a_plan_is_applied_once(head, school):
    made = load(head, school, files.pupils(files.INES))
    with pytest.raises(DomainError, match="déjà appliqué"):
        services.apply_plan(actor=head, plan=made)


def test_a_cancelled_plan_keeps_nothing_of_what_it_read(head, school):
    made = plan(head, school, files.pupils(files.INES))
    services.cancel_plan(actor=head, plan=made)
    assert not made.lines.exists()
    assert not Pupil.objects.exists()


def test_guardians_of_homonyms_wait_for_the_class(head, school):
    other = files.INES | {"INE": "000000008YY", "Libellé classe": "CM1 M. Pujol", "Niveau": "CM1"}
    load(head, school, files.pupils(files.INES, other))
    unsure = plan(head, school, files.guardians(files.SOPHIE | {"Classes enfants": ""}))
    assert "ONDE ne dit pas duquel il s’agit" in unsure.lines.get().reason
    load(head, school, files.guardians(files.SOPHIE))
    assert Guardianship.objects.get().pupil.enrollments.get().school_class.label == "CE2 Mme Vidal"


def test_guardians_come_after_their_children(head, school):
    made = plan(head, school, files.guardians(files.SOPHIE))
    assert "importez d’abord les élèves" in made.lines.get().reason
