"""Functions of adults: given from a day, ended on a day."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from tenant_apps.people.models import Person, StaffAssignment
from tenant_apps.people.services.persons import add_person, check
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
    ends_on: date | None = None,
) -> StaffAssignment:
    """A new adult with an account (its code waits on a sheet) and an assignment."""
    person = add_person(actor=actor, first_name=first_name, last_name=last_name, civility=civility, email=email)
    return assign_staff(
        actor=actor,
        person=person,
        role=role,
        school=school,
        school_class=school_class,
        starts_on=starts_on,
        ends_on=ends_on,
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
    ends_on: date | None = None,
) -> StaffAssignment:
    """Raises DomainError: a class of another school, a function already held, an end before the beginning."""
    _check_may_give(actor, role, school)
    starts_on = starts_on or timezone.localdate()
    if school_class is not None and school is not None and school_class.school_id != school.pk:
        raise DomainError(_("Cette classe n’est pas de cette école."), code="class_elsewhere")
    if ends_on is not None and ends_on <= starts_on:
        raise DomainError(_("La fin doit venir après le début."), code="ends_before")
    same = StaffAssignment.objects.filter(person=person, role=role, school=school, school_class=school_class)
    if same.filter(ends_on=None).exists():
        raise DomainError(_("Cette personne a déjà cette fonction."), code="already_assigned")
    assignment = StaffAssignment.objects.create(
        person=person, role=role, school=school, school_class=school_class, starts_on=starts_on, ends_on=ends_on
    )
    record(actor=actor, action="people.staff_assigned", obj=assignment, role=str(role))
    return assignment


@transaction.atomic
def end_assignment(*, actor: Any, assignment: StaffAssignment, on: date | None = None) -> StaffAssignment:
    """Nothing more is open to this person from that day on (today unless told): seen at the next request."""
    assignment = StaffAssignment.objects.select_for_update().get(pk=assignment.pk)
    _check_may_give(actor, assignment.role, assignment.school)
    day = max(on or timezone.localdate(), assignment.starts_on)
    if assignment.ends_on is not None and assignment.ends_on <= day:
        raise DomainError(_("Cette fonction est déjà terminée."), code="already_ended")
    assignment.ends_on = day
    assignment.save(update_fields=["ends_on", "updated_at"])
    record(actor=actor, action="people.assignment_ended", obj=assignment, role=assignment.role)
    return assignment


def _check_may_give(actor: Any, role: str, school: School | None) -> None:
    """The head composes the team. Heads come with the convention, the town's agents from the town."""
    permission = "people.manage_staff" if role in StaffAssignment.GIVEN_BY_THE_HEAD else "people.appoint"
    check(actor, permission, school)
