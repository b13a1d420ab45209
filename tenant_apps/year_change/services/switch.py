"""The first day of the year: what was prepared becomes classes, enrolments and assignments. By the platform, alone."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.locks import one_at_a_time
from shared_apps.audit.services import record
from tenant_apps.people.last_year import readable_until
from tenant_apps.people.models import Enrollment, Pupil, StaffAssignment
from tenant_apps.people.roles import IN_THEIR_CLASSES, Role
from tenant_apps.schools.models import SchoolClass, SchoolYear
from tenant_apps.year_change.models import Placement, YearDraft


def apply_due() -> int:
    """Every board whose date came, each in its own transaction. Run again, it finds nothing more to do."""
    return sum(apply_draft(draft) for draft in list(YearDraft.objects.to_apply().order_by("pk")))


@transaction.atomic
def apply_draft(draft: YearDraft) -> bool:
    """What was written in between (an ONDE file imported on the morning of the first day) stands."""
    one_at_a_time("year_change")
    due = YearDraft.objects.to_apply().filter(pk=draft.pk).select_related("school", "year")
    fresh = due.select_for_update(of=("self",)).first()
    if fresh is None:
        return False
    rooms = _open_classes(fresh)
    moved, left = _move_pupils(fresh, rooms)
    _move_staff(fresh, rooms)
    fresh.applied_at = timezone.now()
    fresh.save(update_fields=["applied_at", "updated_at"])
    record(actor=None, action="year_change.applied", obj=fresh, classes=len(rooms), pupils=moved, left=left)
    return True


def _open_classes(draft: YearDraft) -> dict[Any, SchoolClass]:
    """Planned class → class. One of the same label is the same class, whoever made it."""
    facts: dict[str, Any] = {"school": draft.school, "year": draft.year}
    return {
        one.pk: SchoolClass.objects.get_or_create(label=one.label, **facts)[0] for one in draft.classes.order_by("pk")
    }


def _move_pupils(draft: YearDraft, rooms: dict[Any, SchoolClass]) -> tuple[int, int]:
    day, now = draft.year.starts_on, timezone.now()
    placements = list(draft.placements.exclude(leaves=False, draft_class=None))
    # Held so that an import of the same morning waits, or is found done.
    list(Pupil.objects.filter(pk__in=[p.pupil_id for p in placements]).order_by("pk").select_for_update())
    lasting = dict(
        Enrollment.objects.filter(ends_on=None, pupil__in=[p.pupil_id for p in placements]).values_list(
            "pupil", "school_class__year__starts_on"
        )
    )
    staying = [p for p in placements if not p.leaves and lasting.get(p.pupil_id, draft.year.starts_on) < day]
    coming = [p for p in placements if not p.leaves and p.pupil_id not in lasting and _comes_from_elsewhere(p)]
    leaving = [p.pupil_id for p in placements if p.leaves and lasting.get(p.pupil_id, day) < day]
    ending = Enrollment.objects.filter(ends_on=None, pupil__in=[p.pupil_id for p in staying] + leaving)
    ending.filter(school_class__year__starts_on__lt=day).update(ends_on=day, updated_at=now)
    Enrollment.objects.bulk_create(
        Enrollment(pupil_id=p.pupil_id, school_class=rooms[p.draft_class_id], grade=p.grade, starts_on=day)
        for p in staying + coming
    )
    Pupil.objects.filter(pk__in=leaving).update(withdrawn_on=day, updated_at=now)
    Pupil.objects.filter(pk__in=[p.pupil_id for p in staying + coming]).update(withdrawn_on=None)
    return len(staying) + len(coming), len(leaving)


def _comes_from_elsewhere(placement: Placement) -> bool:
    """Sent by another school whose board was applied first; a child struck off in July does not come back."""
    sent = Placement.objects.filter(pupil=placement.pupil_id, draft__year=placement.draft.year)
    return sent.filter(leaves=True, destination=placement.draft.school, draft__applied_at__isnull=False).exists()


def _move_staff(draft: YearDraft, rooms: dict[Any, SchoolClass]) -> None:
    """Functions bound to a class of the year that ends do, on the first day; those planned begin."""
    day, now = draft.year.starts_on, timezone.now()
    bound = StaffAssignment.objects.filter(
        school=draft.school, school_class__year__starts_on__lt=day, role__in=IN_THEIR_CLASSES, ends_on=None
    )
    roles = dict(bound.values_list("person", "role"))
    bound.filter(starts_on__lte=day).update(ends_on=day, updated_at=now)
    planned = draft.classes.model.staff.through.objects.filter(draftclass__draft=draft)
    rows = [
        StaffAssignment(
            person_id=person,
            role=roles.get(person, Role.TEACHER),
            school=draft.school,
            school_class=rooms[one],
            starts_on=day,
        )
        for one, person in planned.values_list("draftclass", "person")
    ]
    StaffAssignment.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def close_forgotten() -> int:
    """Who is still in a class of a year that nobody closed, when that year is no longer readable, has left.

    From that day and not from September: a right never ends before somebody could see it.
    """
    today = timezone.localdate()
    years = [year for year in SchoolYear.objects.filter(ends_on__lt=today) if today > readable_until(year)]
    rows = Enrollment.objects.filter(ends_on=None, school_class__year__in=years)
    pupils = list(rows.values_list("pupil", flat=True))
    closed = rows.update(ends_on=today, updated_at=timezone.now())
    Pupil.objects.filter(pk__in=pupils).update(withdrawn_on=today, updated_at=timezone.now())
    _close_functions(years)
    if closed:
        record(actor=None, action="year_change.forgotten_closed", pupils=closed)
    return closed


def _close_functions(years: Iterable[SchoolYear]) -> None:
    rows = StaffAssignment.objects.filter(ends_on=None, role__in=IN_THEIR_CLASSES, school_class__year__in=list(years))
    rows.update(ends_on=timezone.localdate(), updated_at=timezone.now())
