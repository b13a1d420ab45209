"""Pupils are moved on the board: one or many at once, and the last move can be taken back."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from tenant_apps.schools.models import School
from tenant_apps.year_change.models import DraftClass, Placement, YearDraft
from tenant_apps.year_change.services.drafts import locked

LEAVES = "leaves"
NOWHERE = ""


@transaction.atomic
def move(*, actor: Any, draft: YearDraft, placements: Iterable[Any], to: str) -> int:
    """`to`: the id of a class of the draft, « leaves », « leaves: » and the id of a school, or nothing.

    Saved at once. Raises DomainError: nobody chosen, a place that is not of this board.
    """
    draft = locked(actor, draft)
    rows = list(draft.placements.filter(pk__in=list(placements)).select_for_update())
    if not rows:
        raise DomainError(_("Choisissez d’abord des élèves."), code="nobody")
    room, leaves, destination = _place(draft, to)
    draft.last_move = [row.position for row in rows]
    draft.save(update_fields=["last_move", "updated_at"])
    _write(rows, room=room, leaves=leaves, destination=destination)
    return len(rows)


def _place(draft: YearDraft, to: str) -> tuple[DraftClass | None, bool, School | None]:
    if to == NOWHERE:
        return None, False, None
    word, _sep, school = to.partition(":")
    if word == LEAVES:
        return None, True, _school(school) if school else None
    room = next((one for one in draft.classes.all() if str(one.pk) == to), None)
    if room is None:
        raise DomainError(_("Cette classe n’existe plus."), code="no_class")
    return room, False, None


def _school(pk: str) -> School:
    found = next((one for one in School.objects.open() if str(one.pk) == pk), None)
    if found is None:
        raise DomainError(_("Cette école n’existe plus."), code="no_school")
    return found


def _write(rows: list[Placement], *, room: DraftClass | None, leaves: bool, destination: School | None) -> None:
    for row in rows:
        row.draft_class, row.leaves, row.destination = room, leaves, destination
    Placement.objects.bulk_update(rows, ["draft_class", "leaves", "destination"])


@transaction.atomic
def undo(*, actor: Any, draft: YearDraft) -> int:
    """The pupils of the last move go back where they were. A class removed since: not said yet."""
    draft = locked(actor, draft)
    before = {pk: (room, leaves, goes) for pk, room, leaves, goes in draft.last_move}
    if not before:
        raise DomainError(_("Il n’y a rien à annuler."), code="nothing")
    rooms = {str(pk) for pk in draft.classes.values_list("pk", flat=True)}
    rows = list(draft.placements.filter(pk__in=before).select_for_update())
    for row in rows:
        room, leaves, goes = before[str(row.pk)]
        row.draft_class_id, row.leaves, row.destination_id = (room if room in rooms else None), leaves, goes
    Placement.objects.bulk_update(rows, ["draft_class", "leaves", "destination"])
    draft.last_move = []
    draft.save(update_fields=["last_move", "updated_at"])
    return len(rows)


@transaction.atomic
def receive(*, actor: Any, draft: YearDraft) -> int:
    """The children whom another school of the commune sends here (GS to CP) come on the board. Returns how many."""
    draft = locked(actor, draft)
    rows = [Placement(draft=draft, pupil_id=pupil, grade=grade) for pupil, grade in expected(draft)]
    Placement.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        record(actor=actor, action="year_change.received", obj=draft, pupils=len(rows))
    return len(rows)


def expected(draft: YearDraft) -> list[tuple[Any, str]]:
    """(pupil, grade) that a published board of another school sends here."""
    sent = Placement.objects.filter(draft__year=draft.year, destination=draft.school, draft__publishes_at__isnull=False)
    sent = sent.exclude(pupil__in=draft.placements.values("pupil")) if draft.is_open else sent.none()
    return list(sent.values_list("pupil", "grade"))
