"""A child in a class, from a day to a day."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from tenant_apps.people.covers import free_cover
from tenant_apps.people.models import Enrollment, Person, Pupil
from tenant_apps.people.services.persons import add_person, check
from tenant_apps.schools.models import SchoolClass


@transaction.atomic
def add_pupil(
    *,
    actor: Any,
    first_name: str,
    last_name: str,
    school_class: SchoolClass,
    grade: str,
    birth_date: date,
    ine: str | None = None,
    on: date | None = None,
    **facts: Any,
) -> Pupil:
    """A child the directory doesn't know, with an account and a place in a class."""
    person = add_person(actor=actor, first_name=first_name, last_name=last_name, birth_date=birth_date, **facts)
    enrollment = enroll(actor=actor, person=person, school_class=school_class, grade=grade, ine=ine, on=on)
    return enrollment.pupil


@transaction.atomic
def enroll(
    *,
    actor: Any,
    person: Person,
    school_class: SchoolClass,
    grade: str,
    ine: str | None = None,
    on: date | None = None,
) -> Enrollment:
    """Raises DomainError when the child has a class already: that is a change of class."""
    check(actor, "people.manage_school", school_class.school)
    facts = {"ine": ine, "cover": free_cover((), seed=Pupil.objects.count())}
    pupil, _is_new = Pupil.objects.get_or_create(person=person, defaults=facts)
    if pupil.enrollments.filter(ends_on=None).exists():
        raise DomainError(_("Cet élève est déjà dans une classe."), code="already_enrolled")
    enrollment = Enrollment.objects.create(
        pupil=pupil, school_class=school_class, grade=grade, starts_on=on or timezone.localdate()
    )
    record(actor=actor, action="people.enrolled", obj=pupil, school_class=str(school_class.pk))
    return enrollment


@transaction.atomic
def change_class(
    *, actor: Any, pupil: Pupil, school_class: SchoolClass, grade: str, on: date | None = None
) -> Enrollment:
    """End the enrolment that lasts, begin another. A child who moves is admitted by the head of where it arrives."""
    check(actor, "people.manage_school", school_class.school)
    day = on or timezone.localdate()
    _end_current(pupil, day)
    enrollment = Enrollment.objects.create(pupil=pupil, school_class=school_class, grade=grade, starts_on=day)
    record(actor=actor, action="people.class_changed", obj=pupil, school_class=str(school_class.pk))
    return enrollment


@transaction.atomic
def end_enrollment(*, actor: Any, pupil: Pupil, on: date | None = None) -> Pupil:
    """The head strikes the child off (radiation): the school no longer sees it from that day on."""
    check(actor, "people.manage_pupil", pupil)
    day = on or timezone.localdate()
    if not _end_current(pupil, day):
        raise DomainError(_("Cet élève n’est dans aucune classe."), code="not_enrolled")
    pupil.withdrawn_on = day
    pupil.save(update_fields=["withdrawn_on", "updated_at"])
    record(actor=actor, action="people.enrollment_ended", obj=pupil)
    return pupil


def _end_current(pupil: Pupil, day: date) -> int:
    """An enrolment that would last no day leaves no trace."""
    current = Enrollment.objects.filter(pupil=pupil, ends_on=None).select_for_update()
    ended = current.filter(starts_on__lt=day).update(ends_on=day, updated_at=timezone.now())
    deleted, _details = current.delete()
    return ended + deleted
