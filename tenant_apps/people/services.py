"""Verbs on people and their links: each checks, writes, leaves an audit entry; bulk writers have their own."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.accounts.services import create_account
from shared_apps.audit.services import record
from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil, StaffAssignment
from tenant_apps.schools.models import School, SchoolClass


@transaction.atomic
def add_staff(
    *,
    actor: Any,
    first_name: str,
    last_name: str,
    role: str,
    school: School | None = None,
    school_class: SchoolClass | None = None,
    civility: str = "",
    email: str = "",
    starts_on: date | None = None,
) -> StaffAssignment:
    """A new adult with an account (its code waits on a sheet) and an assignment."""
    account = create_account(first_name=first_name, last_name=last_name, email=email)
    person = Person.objects.create(
        account=account, first_name=first_name, birth_name=last_name, civility=civility, email=email
    )
    return assign_staff(
        actor=actor, person=person, role=role, school=school, school_class=school_class, starts_on=starts_on
    )


@transaction.atomic
def assign_staff(
    *,
    actor: Any,
    person: Person,
    role: str,
    school: School | None = None,
    school_class: SchoolClass | None = None,
    starts_on: date | None = None,
) -> StaffAssignment:
    if school_class is not None and school is not None and school_class.school_id != school.pk:
        raise DomainError(_("Cette classe n’est pas de cette école."), code="class_elsewhere")
    assignment = StaffAssignment.objects.create(
        person=person, role=role, school=school, school_class=school_class, starts_on=starts_on or timezone.localdate()
    )
    record(actor=actor, action="people.staff_assigned", obj=assignment, role=str(role))
    return assignment


@transaction.atomic
def change_class(
    *, actor: Any, pupil: Pupil, school_class: SchoolClass, grade: str, on: date | None = None
) -> Enrollment:
    """End the enrolment that lasts, begin another."""
    day = on or timezone.localdate()
    Enrollment.objects.filter(pupil=pupil, ends_on=None).update(ends_on=day, updated_at=timezone.now())
    enrollment = Enrollment.objects.create(pupil=pupil, school_class=school_class, grade=grade, starts_on=day)
    record(actor=actor, action="people.class_changed", obj=pupil, school_class=str(school_class.pk))
    return enrollment


@transaction.atomic
def set_parental_authority(*, actor: Any, guardianship: Guardianship, has_it: bool) -> Guardianship:
    """Effective at the next request: who loses it no longer sees what the school writes."""
    if not actor.has_perm("people.manage_pupil", guardianship.pupil):
        raise PermissionDenied
    guardianship.has_parental_authority = has_it
    guardianship.save(update_fields=["has_parental_authority", "updated_at"])
    record(actor=actor, action="people.parental_authority_set", obj=guardianship, has_it=has_it)
    return guardianship
