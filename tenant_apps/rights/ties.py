"""What each person is today, and where: the only thing that decisions lean on.

Roles and links that this file doesn't know open nothing: a new function of `people` is silent until it is put here.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from shared_apps.bounds.vocabulary import Party, Scope
from tenant_apps.people.models import Enrollment, Guardianship, StaffAssignment
from tenant_apps.people.roles import MUNICIPAL, TEACHING, Role
from tenant_apps.schools.models import Grade

ROLES: dict[Party, frozenset[str]] = {
    Party.HEAD: frozenset({Role.HEAD}),
    Party.TEACHER: frozenset(TEACHING),
    Party.ASSISTANT: frozenset({Role.SUPPORT_ASSISTANT}),
    Party.TOWN: frozenset(MUNICIPAL - {Role.ELECTED}),
    Party.ELECTED: frozenset({Role.ELECTED}),
}
PARTY_OF_ROLE = {role: party for party, roles in ROLES.items() for role in roles}
GRADES = {
    Party.PUPIL: frozenset(grade.value for grade in Grade if grade.cycle >= 3),
    Party.YOUNG_PUPIL: frozenset(grade.value for grade in Grade if grade.cycle < 3),
}


@dataclass(frozen=True, slots=True)
class Tie:
    """One face of a person: a function in a place, a child in a class, oneself in a class."""

    party: Party
    school: Any = None
    school_class: Any = None
    child: Any = None
    is_everywhere: bool = False  # the school service of the town works for all schools

    @property
    def has_class(self) -> bool:
        return self.school_class is not None and self.party is not Party.HEAD


def nearness(one: Tie, other: Tie) -> Scope:
    """The nearest thing that two faces share."""
    if one.child is not None and one.child == other.child:
        return Scope.CHILD
    if one.has_class and other.has_class and one.school_class == other.school_class:
        return Scope.CLASS
    if one.school is not None and one.school == other.school:
        return Scope.SCHOOL
    if (one.is_everywhere and other.school is not None) or (other.is_everywhere and one.school is not None):
        return Scope.SCHOOL
    return Scope.COMMUNE


def ties_of(persons: Iterable[Any]) -> dict[Any, list[Tie]]:
    """Person id → their faces. Four queries, however many persons."""
    ids = set(persons)
    found: dict[Any, list[Tie]] = defaultdict(list)
    for person, tie in [*_staff(ids), *_pupils(ids), *_guardians(ids)]:
        if tie not in found[person]:
            found[person].append(tie)
    return found


def _staff(ids: set[Any]) -> Iterable[tuple[Any, Tie]]:
    rows = StaffAssignment.objects.on().filter(person__in=ids).order_by("starts_on", "pk")
    rows = rows.annotate(place=Coalesce("school", "school_class__school"))
    for person, role, school, school_class in rows.values_list("person_id", "role", "place", "school_class_id"):
        if (party := PARTY_OF_ROLE.get(role)) is not None:
            yield person, Tie(party, school, school_class, is_everywhere=role == Role.SCHOOL_SERVICE and school is None)


def _pupils(ids: set[Any]) -> Iterable[tuple[Any, Tie]]:
    rows = Enrollment.objects.on().filter(pupil__person__in=ids).order_by("starts_on", "pk")
    rows = rows.values_list("pupil__person_id", "grade", "school_class__school_id", "school_class_id", "pupil_id")
    for person, grade, school, school_class, pupil in rows:
        yield person, Tie(pupil_party(grade), school, school_class, pupil)


def pupil_party(grade: str) -> Party:
    return Party.PUPIL if grade in GRADES[Party.PUPIL] else Party.YOUNG_PUPIL


def _guardians(ids: set[Any]) -> Iterable[tuple[Any, Tie]]:
    """Through the parental authority only, and while the child goes to a school of the commune."""
    links = Guardianship.objects.informed().filter(guardian__in=ids).order_by("contact_order", "pk")
    links = list(links.values_list("guardian_id", "pupil_id"))
    places = Enrollment.objects.on().filter(pupil__in={pupil for _adult, pupil in links}).order_by("starts_on", "pk")
    where: dict[Any, list[tuple[Any, Any]]] = defaultdict(list)
    for pupil, school, school_class in places.values_list("pupil_id", "school_class__school_id", "school_class_id"):
        where[pupil].append((school, school_class))
    for adult, pupil in links:
        for school, school_class in where[pupil]:
            yield adult, Tie(Party.GUARDIAN, school, school_class, pupil)


def with_authority(enrollments: QuerySet) -> QuerySet:
    """The guardianships by which adults are told of these enrolled children."""
    return Guardianship.objects.informed().filter(Exists(enrollments.filter(pupil=OuterRef("pupil"))))
