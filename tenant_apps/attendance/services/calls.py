"""The call. Each statement writes for the whole class: a validation costs the same for 25 pupils as for one."""

from collections.abc import Collection, Mapping
from datetime import date, time
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import bulk
from core.errors import DomainError
from core.frozen import frozen, together
from shared_apps.audit.services import record
from tenant_apps.attendance import notifications
from tenant_apps.attendance.errors import Conflict
from tenant_apps.attendance.half_days import HalfDay, is_taught
from tenant_apps.attendance.models import Announcement, Correction, Mark, RollCall
from tenant_apps.attendance.querysets import callable_class
from tenant_apps.attendance.reasons import status_of
from tenant_apps.people.models import Enrollment
from tenant_apps.schools.models import SchoolClass


class Said(NamedTuple):
    """What was said of a child. `reason` None: nothing, what is known stays."""

    kind: str
    at: time | None = None
    reason: str | None = None


Marks = Mapping[UUID, Said]


def save_roll(**facts: Any) -> RollCall:
    """Keep a call, or validate it; afterwards, each change is a correction. See `_save`."""
    try:
        return _save(**facts)
    except IntegrityError:
        # Two people began the same register at the same moment: it exists now.
        return _save(**facts)


@transaction.atomic
def _save(
    *,
    actor: Any,
    class_id: Any,
    half_day: HalfDay,
    marks: Marks,
    version: int,
    validates: bool,
    key: UUID | None = None,
    earlier: Collection[UUID] = (),
) -> RollCall:
    """`marks`: the whole class, those present left out. `version`: what was read before (0: nothing was there).

    `key` names this sending, `earlier` those that got no answer: the same twice is applied once.

    Raises SchoolClass.DoesNotExist when the call of this class is not this person's; Conflict; DomainError when there
    is no school.
    """
    day, half = half_day.day, str(half_day.half)
    found, enrolled, announced = together(
        callable_class.asked(actor, day, class_id),
        _enrolled.asked(class_id, day),
        _announced.asked(class_id, day, half).then(dict),
    )
    if not found:
        raise SchoolClass.DoesNotExist
    _check_open(found[0], half_day)
    roll = _first(_locked(class_id, day, half))
    had = {mark.pupil_id: mark for mark in roll.marks.all()} if roll else {}
    wanted = {pk: marks[pk] for pk in enrolled if pk in marks}
    if roll and _is_settled(roll, had, wanted, validates=validates, key=key):
        return roll
    if roll and roll.version != version and roll.last_key not in earlier:
        raise Conflict
    was_validated = roll is not None and roll.is_validated
    roll = _write_roll(roll, actor, class_id, half_day, validates=validates, key=key)
    _write_marks(roll, had, wanted, announced)
    changed = _changed(had, wanted) if was_validated else []
    if changed:
        _write_corrections(actor, roll, had, wanted, changed)
    if roll.is_validated:
        notifications.plan_families(roll, told_absent=[pk for pk in changed if pk in had and had[pk].is_absence])
    return roll


def _first(rows: list[Any]) -> Any:
    return rows[0] if rows else None


@frozen
def _locked(class_id: UUID, day: date, half: str) -> Any:
    return RollCall.objects.on(HalfDay(day, half)).select_for_update().filter(school_class=class_id)


def _check_open(school_class: Any, half_day: HalfDay) -> None:
    if school_class.is_off or not is_taught(school_class.school, *half_day):
        raise DomainError(_("Il n’y a pas classe cette demi-journée."), code="no_school")
    if half_day > HalfDay.now():
        raise DomainError(_("Cette demi-journée n’a pas commencé."), code="too_early")


@frozen
def _enrolled(class_id: UUID, day: date) -> Any:
    rows = Enrollment.objects.on(day).filter(school_class=class_id)
    return rows.order_by().values_list("pupil_id", flat=True)


def _is_settled(roll: RollCall, had: Any, wanted: Any, *, validates: bool, key: UUID | None) -> bool:
    """This very sending was applied already, or it says nothing new."""
    if key is not None and roll.last_key == key:
        return True
    is_same = not _changed(had, wanted) and all(s.reason in (None, had[pk].reason) for pk, s in wanted.items())
    return is_same and (roll.is_validated or not validates)


def _changed(had: Mapping[UUID, Mark], wanted: Marks) -> list[UUID]:
    """Who is no longer said to be what they were said to be."""
    return [pk for pk in had.keys() | wanted.keys() if _of_mark(had.get(pk)) != _of_said(wanted.get(pk))]


def _of_mark(mark: Mark | None) -> tuple[str, time | None]:
    return (mark.kind, mark.at) if mark else ("", None)


def _of_said(said: Said | None) -> tuple[str, time | None]:
    return (said.kind, said.at) if said else ("", None)


def _write_roll(
    roll: RollCall | None, actor: Any, class_id: Any, half_day: HalfDay, *, validates: bool, key: UUID | None
) -> RollCall:
    is_new = roll is None
    roll = roll or RollCall(school_class_id=class_id, day=half_day.day, half=half_day.half, version=0)
    roll.version, roll.changed_by, roll.last_key = roll.version + 1, actor, key
    if validates and not roll.is_validated:
        roll.state, roll.validated_at, roll.validated_by = RollCall.State.VALIDATED, timezone.now(), actor
    roll.save(force_insert=is_new, force_update=not is_new)
    return roll


def _write_marks(roll: RollCall, had: Mapping[UUID, Mark], wanted: Marks, announced: Mapping[UUID, str]) -> None:
    gone = [mark.pk for pk, mark in had.items() if pk not in wanted]
    if gone:
        Mark.objects.filter(pk__in=gone).delete()
    changed = _changed(had, wanted)
    new = [pk for pk in changed if pk in wanted]
    retold = [pk for pk, said in wanted.items() if pk in had and said.reason not in (None, had[pk].reason)]
    rows = [_mark(roll, pk, wanted[pk], had.get(pk), announced.get(pk, "")) for pk in {*new, *retold}]
    if had and rows:
        Mark.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["roll_call", "pupil"],
            update_fields=["kind", "at", "reason", "status", "updated_at"],
        )
    else:
        bulk.insert(Mark, rows)


def _mark(roll: RollCall, pupil_id: UUID, said: Said, had: Mark | None, announced: str) -> Mark:
    known = had.reason if had else ""
    reason = (known or announced) if said.reason is None else said.reason
    status = had.status if had and reason == known else status_of(reason)
    return Mark(roll_call=roll, pupil_id=pupil_id, kind=said.kind, at=said.at, reason=reason, status=status)


@frozen
def _announced(class_id: UUID, day: date, half: str) -> Any:
    """Of the children of the class that day: (pupil, reason), the last word last."""
    children = Enrollment.objects.on(day).filter(school_class=class_id).values("pupil")
    rows = Announcement.objects.covering(HalfDay(day, half)).filter(pupil__in=children)
    return rows.order_by("created_at").values_list("pupil_id", "reason")


def _write_corrections(actor: Any, roll: RollCall, had: Any, wanted: Any, changed: list[UUID]) -> None:
    rows = []
    for pk in changed:
        (before, before_at), (after, after_at) = _of_mark(had.get(pk)), _of_said(wanted.get(pk))
        said = {"before": before, "before_at": before_at, "after": after, "after_at": after_at}
        rows.append(Correction(roll_call=roll, pupil_id=pk, actor=actor, **said))
    Correction.objects.bulk_create(rows)
    # The register is its own proof (who, when, each correction); the journal says that a finished one was reopened.
    record(actor=actor, action="attendance.corrected", obj=roll, lines=len(rows))
