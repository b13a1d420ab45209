"""Functions of adults: given from a day, ended on a day."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from tenant_apps.people.models import Person, Service, StaffAssignment
from tenant_apps.people.roles import Role
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
    service: Service | None = None,
    weekdays: str = "",
    civility: str = "",
    email: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> StaffAssignment:
    """A new adult with an account (its code waits on a sheet) and an assignment."""
    _check_may_give(actor, role, school)
    person = add_person(actor=actor, first_name=first_name, last_name=last_name, civility=civility, email=email)
    return assign_staff(
        actor=actor,
        person=person,
        role=role,
        school=school,
        school_class=school_class,
        service=service,
        weekdays=weekdays,
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
    service: Service | None = None,
    weekdays: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> StaffAssignment:
    """Raises DomainError: a class of another school, a function already held, an end before the beginning, a
    replacement without end.
    """
    _check_may_give(actor, role, school)
    starts_on = starts_on or timezone.localdate()
    if school_class is not None and school is not None and school_class.school_id != school.pk:
        raise DomainError(_("Cette classe n’est pas de cette école."), code="class_elsewhere")
    if ends_on is not None and ends_on <= starts_on:
        raise DomainError(_("La fin doit venir après le début."), code="ends_before")
    if role == Role.SUBSTITUTE and ends_on is None:
        raise DomainError(_("Un remplacement a une date de fin."), code="no_end")
    same = StaffAssignment.objects.filter(person=person, role=role, school=school, school_class=school_class)
    if same.filter(ends_on=None).exists():
        raise DomainError(_("Cette personne a déjà cette fonction."), code="already_assigned")
    assignment = StaffAssignment.objects.create(
        person=person,
        role=role,
        school=school,
        school_class=school_class,
        service=service,
        weekdays="".join(sorted(weekdays)),
        starts_on=starts_on,
        ends_on=ends_on,
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
    """The head composes the team, the school service that of the town. Heads come with the convention."""
    if role in StaffAssignment.MUNICIPAL:
        return check(actor, "people.manage_agents", None)
    permission = "people.manage_staff" if role in StaffAssignment.GIVEN_BY_THE_HEAD else "people.appoint"
    return check(actor, permission, school)


@transaction.atomic
def undo_end(*, actor: Any, assignment: StaffAssignment) -> StaffAssignment:
    """Someone clicked too fast: the function lasts again, while no other took its place."""
    assignment = StaffAssignment.objects.select_for_update().get(pk=assignment.pk)
    _check_may_give(actor, assignment.role, assignment.school)
    same = StaffAssignment.objects.filter(
        person=assignment.person_id,
        role=assignment.role,
        school=assignment.school_id,
        school_class=assignment.school_class_id,
    )
    if assignment.ends_on is None or same.filter(ends_on=None).exists():
        raise DomainError(_("Cette personne a déjà cette fonction."), code="already_assigned")
    if assignment.role == Role.SUBSTITUTE:
        raise DomainError(_("Un remplacement a une date de fin : ajoutez-le de nouveau."), code="no_end")
    assignment.ends_on = None
    assignment.save(update_fields=["ends_on", "updated_at"])
    record(actor=actor, action="people.end_undone", obj=assignment, role=assignment.role)
    return assignment


@transaction.atomic
def add_service(*, actor: Any, name: str, kind: str) -> Service:
    check(actor, "people.manage_agents", None)
    name = " ".join(name.split())
    if Service.objects.filter(name__iexact=name).exists():
        raise DomainError(_("La mairie a déjà un service de ce nom."), code="name_taken")
    service = Service.objects.create(name=name, kind=kind)
    record(actor=actor, action="people.service_added", obj=service, kind=str(kind))
    return service
