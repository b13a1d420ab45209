"""Weeks of calls, as plausible as a winter term; today's are half done. Through the services, dated as they were."""

import random
from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from provisioning.demo.clock import at, moment
from provisioning.demo.people import shown_guardian
from shared_apps.notifications.models import OutboxEntry
from tenant_apps.attendance import notifications, services
from tenant_apps.attendance.half_days import Half, HalfDay, is_taught
from tenant_apps.attendance.models import RollCall
from tenant_apps.attendance.services import Said
from tenant_apps.people.models import Enrollment, StaffAssignment

DAYS = 10
CALLED_AT = {Half.AM: (8, 47), Half.PM: (13, 52)}
REASONS = ["child_illness", "child_illness", "child_illness", "transport", "guardians_away", "other", None, None]


def seed(school: Any, school_days: list[date]) -> None:
    """Safe to repeat: a school that called once is left as it is."""
    if RollCall.objects.filter(school_class__school=school).exists():
        return
    rng = random.Random(school.uai)  # noqa: S311  (invented data, the same each time)
    assignments = StaffAssignment.objects.on().teaching().filter(school=school, person__account__isnull=False)
    teachers = _first_of_each_class(assignments.exclude(school_class=None).select_related("person__account"))
    with transaction.atomic():  # one commit: the disk is what takes time
        for day in reversed(school_days[:DAYS]):
            for n, assignment in enumerate(teachers):
                # Today every second class is still to call.
                _day(school, assignment, day, rng, is_called=day != school_days[0] or n % 2 == 1)
        _announce(teachers, rng)
    # The families of past days were told long ago.
    told = OutboxEntry.objects.pending().filter(kind=notifications.FAMILIES)
    told.update(delivered_at=timezone.now())


def _first_of_each_class(assignments: Any) -> list[StaffAssignment]:
    """Two may share a class, and a substitute came later."""
    found: dict[Any, StaffAssignment] = {}
    for assignment in assignments.order_by("school_class__label", "starts_on", "pk"):
        found.setdefault(assignment.school_class_id, assignment)
    return list(found.values())


def _day(school: Any, assignment: StaffAssignment, day: date, rng: random.Random, *, is_called: bool) -> None:
    pupils = list(_pupils(assignment, day))
    away = {pk: Said("absent", reason=rng.choice(REASONS)) for pk in pupils if rng.random() < 0.04}
    for half in Half.values:
        late = {pk: Said("late", time(*CALLED_AT[half])) for pk in pupils if pk not in away and rng.random() < 0.01}
        when = moment(day, *CALLED_AT[half])
        is_past = assignment.starts_on <= day and when <= timezone.now()
        if is_called and is_past and is_taught(school, day, half):
            facts = {"class_id": assignment.school_class_id, "half_day": HalfDay(day, half), "marks": away | late}
            with at(when):
                services.save_roll(actor=assignment.person.account, version=0, validates=True, **facts)


def _pupils(assignment: StaffAssignment, day: date) -> Any:
    """But the children of the parent whom the front door shows: nothing of theirs is by chance."""
    guardian = shown_guardian()
    rows = Enrollment.objects.on(day).filter(school_class=assignment.school_class_id)
    rows = rows.exclude(pupil__guardianships__guardian=guardian) if guardian else rows
    return rows.order_by("pk").values_list("pupil_id", flat=True)


def _announce(teachers: list[StaffAssignment], rng: random.Random) -> None:
    """Two families said this morning that their child is ill."""
    today = timezone.localdate()
    classes = [assignment.school_class_id for assignment in teachers]
    rows = Enrollment.objects.on().filter(school_class__in=classes).order_by("pk")
    rows = rows.filter(pupil__guardianships__guardian__account__activated_at__isnull=False).distinct()
    for row in rng.sample(list(rows.select_related("pupil")), k=min(2, len(rows))):
        links = row.pupil.guardianships.informed().filter(guardian__account__activated_at__isnull=False)
        link = links.select_related("guardian__account").order_by("pk").first()
        if link is not None:
            facts = {"starts": HalfDay(today, "am"), "ends": HalfDay(today, "pm"), "reason": "child_illness"}
            services.declare(actor=link.guardian.account, pupils=[row.pupil], message="", **facts)
