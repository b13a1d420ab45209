"""Which school gives a person their code.

Whoever holds a code gets all that the account opens. So a code is given by the school that opened the account: that
of the person's oldest link of today. A later link (a second child elsewhere, another function) moves nothing, or a
head could enter another school by adding one of its people to theirs. Whoever heads a school or works for the town
gets it from nobody else's school.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil, StaffAssignment
from tenant_apps.people.roles import MUNICIPAL, Role

NOBODY = object()


def keepers_of(persons: Iterable[Any]) -> dict[Any, Any]:
    """person id → school id, or None when no school gives this person's code. A few queries, however many persons."""
    ids = list(persons)
    oldest: dict[Any, tuple[Any, Any]] = {}
    for person, school, since in _links(ids):
        if person not in oldest or since < oldest[person][1]:
            oldest[person] = (school, since)
    found = {person: oldest[person][0] if person in oldest else None for person in ids}
    return found | _bound(ids)


def is_kept_by_the_town(person: Person) -> bool:
    """The town gives the code of an agent whom it brought in itself: whose first link ever, even ended, is with it."""
    functions = StaffAssignment.objects.filter(person=person).order_by("created_at", "pk")
    first = functions.filter(role__in=MUNICIPAL).first()
    if first is None or not functions.on().filter(role__in=MUNICIPAL).exists():
        return False
    others = (
        functions.exclude(role__in=MUNICIPAL),
        Guardianship.objects.filter(guardian=person),
        Pupil.objects.filter(person=person),
    )
    is_head = functions.on().heading().exists()
    return not is_head and not any(rows.filter(created_at__lte=first.created_at).exists() for rows in others)


def taught_parents(user: Any, persons: Iterable[Any]) -> set[Any]:
    """Of these persons, the parents of a class that this user teaches, to whom the teacher too may give a new code.

    Their code comes from that school, and they work nowhere here: a teacher must not enter a colleague's class by the
    colleague's child.
    """
    ids = set(persons)
    taught = StaffAssignment.objects.of(user).on().teaching().exclude(school_class=None).values("school_class")
    enrolled = dict(
        Enrollment.objects.on().filter(school_class__in=taught).values_list("pupil", "school_class__school")
    )
    links = Guardianship.objects.current().filter(pupil__in=enrolled, guardian__in=ids)
    schools: dict[Any, set[Any]] = {}
    for guardian, pupil in links.values_list("guardian_id", "pupil_id"):
        schools.setdefault(guardian, set()).add(enrolled[pupil])
    at_work = set(StaffAssignment.objects.on().filter(person__in=schools).values_list("person", flat=True))
    keepers = keepers_of(schools)
    return {person for person in schools if person not in at_work and keepers[person] in schools[person]}


def _links(ids: list[Any]) -> list[tuple[Any, Any, Any]]:
    enrolled = Enrollment.objects.on()
    rows = list(
        enrolled.filter(pupil__person__in=ids).values_list(
            "pupil__person_id", "school_class__school_id", "pupil__created_at"
        )
    )
    charge = dict(_charges(ids))
    schools = enrolled.filter(pupil__in={pupil for pupil, _person in charge})
    school_of = dict(schools.values_list("pupil_id", "school_class__school_id"))
    rows += [(who, school_of[pupil], since) for (pupil, who), since in charge.items() if pupil in school_of]
    staff = StaffAssignment.objects.on().filter(person__in=ids).exclude(school=None)
    staff = staff.exclude(role__in=MUNICIPAL)  # who has a function for the town is bound otherwise
    return rows + list(staff.values_list("person_id", "school_id", "created_at"))


def _charges(ids: list[Any]) -> Iterable[tuple[tuple[Any, Any], Any]]:
    links = Guardianship.objects.current().filter(guardian__in=ids)
    for pupil, person, since in links.values_list("pupil_id", "guardian_id", "created_at"):
        yield (pupil, person), since


def _bound(ids: list[Any]) -> dict[Any, Any]:
    """Heads: their school, when they have one. The town's: none. Nor those whom the académie sends: they work in
    several schools and enter by its own door, and a head's code would open the other schools.
    """
    sent = Q(person__account__external_identities__provider="academy")
    rows = StaffAssignment.objects.on().filter(sent | Q(role__in=MUNICIPAL | {Role.HEAD}), person__in=ids)
    schools: dict[Any, set[Any]] = {}
    for person, role, school in rows.values_list("person_id", "role", "school_id"):
        schools.setdefault(person, set()).add(school if role == Role.HEAD else NOBODY)
    return {
        person: next(iter(which)) if len(which) == 1 and NOBODY not in which else None
        for person, which in schools.items()
    }
