"""A draft begins: the classes of today for those of tomorrow, each child one grade further."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.words import day_and_month
from shared_apps.audit.services import record
from tenant_apps.people.models import Enrollment, StaffAssignment
from tenant_apps.people.roles import IN_THEIR_CLASSES
from tenant_apps.schools.models import Grade, School, SchoolClass, SchoolYear
from tenant_apps.schools.services import current_year, open_year
from tenant_apps.year_change.models import DraftClass, Placement, YearDraft

LAST_OF_A_NURSERY = Grade.GS


def check(actor: Any, permission: str, obj: Any) -> None:
    if actor is not None and not actor.has_perm(permission, obj):
        raise PermissionDenied


def locked(actor: Any, draft: YearDraft, permission: str = "year_change.change_draft") -> YearDraft:
    """The row as it is now, held until the transaction ends; two hands on one board queue here."""
    fresh = YearDraft.objects.select_for_update(of=("self",)).select_related("school", "year").get(pk=draft.pk)
    check(actor, permission, fresh)
    return fresh


def opens_on(year: SchoolYear) -> date:
    """The first day of `year` on which the next one may be prepared (`ENT_YEAR_DRAFT_FROM`, month and day)."""
    month, day = map(int, settings.ENT_YEAR_DRAFT_FROM.split("-"))
    return max(year.starts_on, date(year.starts_on.year + (month < year.starts_on.month), month, day))


@transaction.atomic
def prepare(*, actor: Any, school: School) -> YearDraft:
    """Opens the next year if need be, copies the classes, carries the pupils. Twice gives the same draft."""
    check(actor, "year_change.prepare", school)
    year = current_year()
    if timezone.localdate() < opens_on(year):
        words = _("L’année prochaine se prépare à partir du %(day)s.")
        raise DomainError(words % {"day": day_and_month(opens_on(year))}, code="too_early")
    next_year = open_year(actor=actor, start=int(year.label[:4]) + 1)
    draft, is_new = YearDraft.objects.get_or_create(school=school, year=next_year)
    if is_new:
        _copy_classes(draft, year)
        complete(actor=actor, draft=draft)
        record(actor=actor, action="year_change.prepared", obj=draft)
    return draft


def _copy_classes(draft: YearDraft, year: SchoolYear) -> None:
    staff = StaffAssignment.objects.on().filter(role__in=IN_THEIR_CLASSES, ends_on=None)
    in_class: dict[Any, list[Any]] = defaultdict(list)
    for class_id, person_id in staff.filter(school=draft.school).values_list("school_class", "person"):
        in_class[class_id].append(person_id)
    grades = _grades_of(draft.school)
    for row in SchoolClass.objects.filter(school=draft.school, year=year):
        one = DraftClass.objects.create(draft=draft, label=row.label, grades=grades[row.pk], source=row)
        one.staff.set(in_class[row.pk])


def _grades_of(school: School) -> dict[Any, list[str]]:
    pairs = Enrollment.objects.on().filter(school_class__school=school).values_list("school_class", "grade")
    found: dict[Any, list[str]] = defaultdict(list)
    for class_id, grade in sorted(set(pairs.order_by()), key=lambda pair: Grade.values.index(pair[1])):
        found[class_id].append(grade)
    return found


def missing_pupils(draft: YearDraft) -> Any:
    """Enrolled in the school today and not on the board: they came since."""
    rows = Enrollment.objects.on().filter(school_class__school=draft.school)
    rows = rows.exclude(pupil__in=draft.placements.values("pupil"))
    return rows if draft.is_open else rows.none()


@transaction.atomic
def complete(*, actor: Any, draft: YearDraft) -> int:
    """Those who came since the board was made. Returns how many."""
    draft = locked(actor, draft)
    rooms = _only_class_of_a_grade(draft.classes.all())
    nursery = draft.school.kind == School.Kind.NURSERY
    rows = [
        _placement(draft, pupil, grade, rooms, nursery=nursery)
        for pupil, grade in missing_pupils(draft).values_list("pupil", "grade")
    ]
    return len(Placement.objects.bulk_create(rows, ignore_conflicts=True))


def next_grade(grade: str) -> str:
    """Empty after CM2: college."""
    following = Grade.values[Grade.values.index(grade) + 1 :]
    return following[0] if following else ""


def _placement(draft: YearDraft, pupil: Any, grade: str, rooms: dict[str, Any], *, nursery: bool) -> Placement:
    after = next_grade(grade)
    leaves = not after or (nursery and grade == LAST_OF_A_NURSERY)
    room = None if leaves else rooms.get(after)
    return Placement(draft=draft, pupil_id=pupil, grade=after, leaves=leaves, draft_class=room)


def _only_class_of_a_grade(classes: Iterable[DraftClass]) -> dict[str, DraftClass]:
    """Where a grade has one class and no choice, its pupils are proposed there."""
    found: dict[str, list[DraftClass]] = defaultdict(list)
    for one in classes:
        for grade in one.grades:
            found[grade].append(one)
    return {grade: rooms[0] for grade, rooms in found.items() if len(rooms) == 1}


@transaction.atomic
def share(*, actor: Any, draft: YearDraft, is_shared: bool) -> YearDraft:
    """The teachers of the school read the board, and change nothing of it."""
    draft = locked(actor, draft)
    draft.is_shared = is_shared
    draft.save(update_fields=["is_shared", "updated_at"])
    record(actor=actor, action="year_change.shared", obj=draft, is_shared=is_shared)
    return draft
