"""What the directory tells of an account to the page that activates it: « pour Inès et Tom », words of the school."""

from typing import Any

from core.registry import AccountFacts, Child
from tenant_apps.people.models import Enrollment, Guardianship, Pupil, StaffAssignment
from tenant_apps.schools.models import School


def facts_of(account: Any) -> AccountFacts:
    children = Guardianship.objects.informed().filter(guardian__account=account).values("pupil")
    own = Enrollment.objects.on().filter(pupil__person__account=account)
    rows = Enrollment.objects.on().filter(pupil__in=children).select_related("pupil__person", "school_class__school")
    rows = list(rows.order_by("pupil__person__birth_date", "pk"))
    staff = StaffAssignment.objects.of(account).on().exclude(school=None)
    schools = {row.school_class.school_id for row in rows}
    schools |= set(own.values_list("school_class__school", flat=True)) | set(staff.values_list("school", flat=True))
    return AccountFacts(
        children=tuple(_child(row) for row in rows),
        words=tuple(School.objects.filter(pk__in=schools).values_list("name", flat=True)),
        is_pupil=Pupil.objects.filter(person__account=account).exists(),
    )


def _child(row: Enrollment) -> Child:
    detail = f"{row.school_class.school}, {row.school_class.label}"
    return Child(row.pupil.person.first_name, detail, row.pupil.cover)
