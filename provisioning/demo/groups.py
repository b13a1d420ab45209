"""Two groups across the classes of a school: English of cycle 3, and a choir. Through the services, by its head."""

from typing import Any

from django.db.models import Q

from core.tenancy import current_schema
from provisioning.demo.clock import at, moment
from provisioning.demo.people import of_commune
from tenant_apps.people import services
from tenant_apps.people.models import Enrollment, PupilGroup, StaffAssignment
from tenant_apps.people.services.groups import leading_in

GROUPS = [("Chorale", "choir", ("CE1", "CE2", "CM1", "CM2"), 4), ("Anglais CM", "language", ("CM1", "CM2"), 2)]


def seed(school: Any, day: Any) -> None:
    """Safe to repeat: a school that has a group is left as it is. Every n-th child of the grades, by name, and those
    whom the front door shows.
    """
    if PupilGroup.objects.filter(school=school).exists():
        return
    head = StaffAssignment.objects.on().heading().filter(school=school).select_related("person__account").get()
    teachers = leading_in(school).filter(assignments__role="teacher").distinct()
    shown = {one.key: one.user_id for one in of_commune(current_schema())}
    leaders = sorted(teachers, key=lambda one: one.account_id != shown["teacher"])
    theirs = Q(pupil__person__account=shown["reader"])
    theirs |= Q(pupil__guardianships__guardian__account=shown["guardian"])
    here = Enrollment.objects.on().filter(school_class__school=school).select_related("pupil")
    for (name, kind, grades, step), leader in zip(GROUPS, leaders, strict=False):
        rows = here.filter(grade__in=grades).order_by("pupil__person__sort_name", "pk")
        pupils = {row.pupil for row in rows[::step]} | {row.pupil for row in rows.filter(theirs)}
        if pupils:
            with at(moment(day, 16, 40)):
                services.make_group(
                    actor=head.person.account, school=school, name=name, kind=kind, pupils=pupils, leaders=[leader]
                )
