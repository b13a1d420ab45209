"""A child in a class, from a day to a day."""

from datetime import date, timedelta
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

UNDONE_FOR = timedelta(days=30)
OF_THE_PUPIL = frozenset({"has_pai", "has_photo_consent", "has_insurance"})


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
    unit: str = "",
    on: date | None = None,
    **facts: Any,
) -> Pupil:
    """A child the directory doesn't know, with an account and a place in a class."""
    check(actor, "people.manage_school", school_class.school)
    person = add_person(actor=actor, first_name=first_name, last_name=last_name, birth_date=birth_date, **facts)
    enrollment = enroll(actor=actor, person=person, school_class=school_class, grade=grade, ine=ine, unit=unit, on=on)
    return enrollment.pupil


@transaction.atomic
def enroll(
    *,
    actor: Any,
    person: Person,
    school_class: SchoolClass,
    grade: str,
    ine: str | None = None,
    unit: str = "",
    on: date | None = None,
) -> Enrollment:
    """Raises DomainError when the child has a class already: that is a change of class."""
    check(actor, "people.manage_school", school_class.school)
    facts = {"ine": ine, "cover": free_cover((), seed=Pupil.objects.count())}
    pupil, _is_new = Pupil.objects.get_or_create(person=person, defaults=facts)
    if pupil.enrollments.filter(ends_on=None).exists():
        raise DomainError(_("Cet élève est déjà dans une classe."), code="already_enrolled")
    enrollment = Enrollment.objects.create(
        pupil=pupil, school_class=school_class, grade=grade, unit=unit, starts_on=on or timezone.localdate()
    )
    Pupil.objects.filter(pk=pupil.pk).exclude(withdrawn_on=None).update(withdrawn_on=None, updated_at=timezone.now())
    record(actor=actor, action="people.enrolled", obj=pupil, school_class=str(school_class.pk))
    return enrollment


@transaction.atomic
def change_class(
    *, actor: Any, pupil: Pupil, school_class: SchoolClass, grade: str, unit: str = "", on: date | None = None
) -> Enrollment:
    """End the enrolment that lasts, begin another. A child who moves is admitted by the head of where it arrives."""
    check(actor, "people.manage_school", school_class.school)
    day = on or timezone.localdate()
    _end_current(pupil, day)
    place = {"school_class": school_class, "grade": grade, "unit": unit}
    enrollment = Enrollment.objects.create(pupil=pupil, starts_on=day, **place)
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


@transaction.atomic
def undo_departure(*, actor: Any, pupil: Pupil) -> Enrollment:
    """Back to the class that was left, as if nothing had happened, while it can be undone.

    Raises DomainError: in a class again (here or elsewhere), or left too long ago.
    """
    pupil = Pupil.objects.select_for_update().get(pk=pupil.pk)
    last = pupil.enrollments.select_related("school_class__school").order_by("-starts_on", "-pk").first()
    if last is None or last.ends_on is None:
        raise DomainError(_("Cet élève est déjà dans une classe."), code="already_enrolled")
    check(actor, "people.manage_school", last.school_class.school)
    if last.ends_on < timezone.localdate() - UNDONE_FOR:
        raise DomainError(_("Ce départ est trop ancien : inscrivez l’élève de nouveau."), code="too_late")
    last.ends_on = None
    last.save(update_fields=["ends_on", "updated_at"])
    pupil.withdrawn_on = None
    pupil.save(update_fields=["withdrawn_on", "updated_at"])
    record(actor=actor, action="people.departure_undone", obj=pupil, school_class=str(last.school_class_id))
    return last


@transaction.atomic
def change_pupil(*, actor: Any, pupil: Pupil, **facts: Any) -> Pupil:
    """The head corrects the child's civil status, and what the school knows of it on paper."""
    check(actor, "people.manage_pupil", pupil)
    person = pupil.person
    changed = [name for name, value in facts.items() if getattr(_owner(pupil, name), name) != value]
    for name in changed:
        setattr(_owner(pupil, name), name, facts[name])
    if changed:
        person.save()
        pupil.save()
        record(actor=actor, action="people.pupil_changed", obj=pupil, fields=sorted(changed))
    return pupil


def _owner(pupil: Pupil, name: str) -> Any:
    return pupil if name in OF_THE_PUPIL else pupil.person


def _end_current(pupil: Pupil, day: date) -> int:
    """An enrolment that would last no day leaves no trace."""
    current = Enrollment.objects.filter(pupil=pupil, ends_on=None).select_for_update()
    ended = current.filter(starts_on__lt=day).update(ends_on=day, updated_at=timezone.now())
    deleted, _details = current.delete()
    return ended + deleted
