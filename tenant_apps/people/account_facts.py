"""What the directory tells of an account: what its holder is, « pour Inès et Tom », words of the school."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet

from core.frozen import Asked, frozen
from core.registry import AccountFacts, AccountTies, Child
from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil, StaffAssignment
from tenant_apps.people.roles import READING_NAMES, Role
from tenant_apps.schools.models import Grade, School


def ask_facts(identifier: str) -> Asked:
    """In one query: every sign-in asks."""
    return _standing.asked(identifier).then(_facts)


def _facts(found: list[Any]) -> AccountFacts:
    if not found:
        return AccountFacts()
    roles, grades, is_pupil = found[0]
    return AccountFacts(
        is_pupil=is_pupil,
        is_too_young=any(not Grade(grade).is_reader for grade in grades),
        is_staff=bool(roles),
        # Heads, and the town's agents who read the names of children.
        needs_second_factor=not {*READING_NAMES, Role.HEAD}.isdisjoint(roles),
    )


@frozen
def _standing(identifier: str) -> QuerySet:
    staff = StaffAssignment.objects.on().filter(person=OuterRef("pk")).order_by()
    classes = Enrollment.objects.on().filter(pupil__person=OuterRef("pk")).order_by()
    rows = Person.objects.filter(account__identifier=identifier).order_by()
    return rows.values_list(
        ArraySubquery(staff.values("role")),
        ArraySubquery(classes.values("grade")),
        Exists(Pupil.objects.filter(person=OuterRef("pk"))),
    )


def ties_of(account: Any) -> AccountTies:
    children = Guardianship.objects.informed().filter(guardian__account=account).values("pupil")
    own = Enrollment.objects.on().filter(pupil__person__account=account)
    rows = Enrollment.objects.on().filter(pupil__in=children).select_related("pupil__person", "school_class__school")
    rows = list(rows.order_by("pupil__person__birth_date", "pk"))
    staff = StaffAssignment.objects.of(account).on().exclude(school=None)
    schools = {row.school_class.school_id for row in rows}
    schools.update(own.values_list("school_class__school", flat=True), staff.values_list("school", flat=True))
    return AccountTies(
        children=tuple(_child(row) for row in rows),
        words=tuple(School.objects.filter(pk__in=schools).values_list("name", flat=True)),
    )


def _child(row: Enrollment) -> Child:
    detail = f"{row.school_class.school}, {row.school_class.label}"
    return Child(row.pupil.person.first_name, detail, row.pupil.cover)


def school_names() -> list[str]:
    return list(School.objects.values_list("name", flat=True))


def heads() -> list[Any]:
    """The accounts of those who head a school today."""
    rows = StaffAssignment.objects.on().heading().exclude(person__account=None)
    return [row.person.account for row in rows.select_related("person__account")]
