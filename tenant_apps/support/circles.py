"""Who helps whom: the school of a request, its side, those who answer first."""

from typing import Any

from django.db.models import Q, QuerySet

from shared_apps.accounts.models import User
from shared_apps.support.vocabulary import SCHOOL_STAFF, Scope
from tenant_apps.people.models import Enrollment, StaffAssignment
from tenant_apps.people.roles import Role
from tenant_apps.schools.models import School
from tenant_apps.support.models import Ticket


def schools_of(user: Any, profile: str) -> QuerySet[School]:
    """Where a person of this profile may ask for help; none for the town's staff."""
    schools: Any = School.objects.open()
    if profile == "guardian":
        return schools.filter(pk__in=Enrollment.objects.on().of_family(user).values("school_class__school"))
    if profile == "municipal":
        return schools.none()
    return schools.filter(pk__in=StaffAssignment.objects.of(user).on().values("school"))


def scope_of(profile: str) -> str:
    return Scope.TOWN if profile == "municipal" else Scope.SCHOOL


def referents_of(ticket: Ticket) -> QuerySet[User]:
    """The head, and the ERUN for the school's own staff; the school service for the town."""
    mine: Any = StaffAssignment.objects.on()
    if ticket.scope == Scope.TOWN:
        rows = mine.for_the_whole_commune()
    else:
        erun = Q(role=Role.ERUN) if ticket.profile in SCHOOL_STAFF else Q(pk=None)
        rows = mine.filter(Q(role=Role.HEAD) | erun, school=ticket.school_id)
    people = User.objects.active().filter(person__assignments__in=rows).exclude(pk=ticket.author_id)
    return people.distinct().order_by("pk")


def deciders_of(access: Any) -> QuerySet[User]:
    """A head for the school's data; the officers of the school service for the town's."""
    mine: Any = StaffAssignment.objects.on()
    rows = (
        mine.for_the_whole_commune() if access.scope == Scope.TOWN else mine.heading().filter(school=access.school_id)
    )
    return User.objects.active().filter(person__assignments__in=rows).distinct().order_by("pk")


def teachers_of(pupil: Any) -> QuerySet[User]:
    """Of the class of the day of a pupil's account."""
    enrolled = Enrollment.objects.on().filter(pupil__person__account=pupil).values("school_class")
    rows = StaffAssignment.objects.on().teaching().filter(school_class__in=enrolled)
    return User.objects.active().filter(person__assignments__in=rows).distinct().order_by("pk")
