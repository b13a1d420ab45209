"""Two groups across the classes of a school: English of cycle 3, and a choir. Through the services, by its head."""

from typing import Any

from provisioning.demo.clock import at, moment
from tenant_apps.people import services
from tenant_apps.people.models import Enrollment, PupilGroup, StaffAssignment
from tenant_apps.people.services.groups import leading_in

GROUPS = [("Anglais CM", "language", ("CM1", "CM2"), 2), ("Chorale", "choir", ("CE1", "CE2", "CM1", "CM2"), 4)]


def seed(school: Any, day: Any) -> None:
    """Safe to repeat: a school that has a group is left as it is. Every n-th child of the grades, in the order of names."""
    if PupilGroup.objects.filter(school=school).exists():
        return
    head = StaffAssignment.objects.on().heading().filter(school=school).select_related("person__account").get()
    teachers = leading_in(school).filter(assignments__role="teacher").distinct()
    here = Enrollment.objects.on().filter(school_class__school=school).select_related("pupil")
    for (name, kind, grades, step), leader in zip(GROUPS, teachers, strict=False):
        rows = here.filter(grade__in=grades).order_by("pupil__person__sort_name", "pk")
        pupils = [row.pupil for row in rows[::step]]
        if pupils:
            with at(moment(day, 16, 40)):
                services.make_group(
                    actor=head.person.account, school=school, name=name, kind=kind, pupils=pupils, leaders=[leader]
                )
