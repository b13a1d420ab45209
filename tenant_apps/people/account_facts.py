"""What the directory tells of an account to the page that activates it: « pour Inès et Tom », words of the school."""

from typing import Any

from core.registry import AccountFacts, Child
from tenant_apps.people.models import Enrollment, Guardianship, Pupil, StaffAssignment
from tenant_apps.people.roles import READING_NAMES, Role
from tenant_apps.schools.models import Grade, School


def facts_of(account: Any) -> AccountFacts:
    children = Guardianship.objects.informed().filter(guardian__account=account).values("pupil")
    own = Enrollment.objects.on().filter(pupil__person__account=account)
    rows = Enrollment.objects.on().filter(pupil__in=children).select_related("pupil__person", "school_class__school")
    rows = list(rows.order_by("pupil__person__birth_date", "pk"))
    staff = StaffAssignment.objects.of(account).on()
    roles, working_in = {a.role for a in staff}, {a.school_id for a in staff if a.school_id}
    grades = dict(own.values_list("school_class__school", "grade"))
    schools = {row.school_class.school_id for row in rows} | set(grades) | working_in
    return AccountFacts(
        children=tuple(_child(row) for row in rows),
        words=tuple(School.objects.filter(pk__in=schools).values_list("name", flat=True)),
        is_pupil=Pupil.objects.filter(person__account=account).exists(),
        is_too_young=any(not Grade(grade).is_reader for grade in grades.values()),
        is_staff=bool(roles),
        # Heads, and the town's agents who read the names of children.
        needs_second_factor=bool(roles & (READING_NAMES | {Role.HEAD})),
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
