"""What a head changes in the matrix of a school. Nothing goes beyond the academy's ceilings; every change is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.accounts.models import User
from shared_apps.audit.models import Entry
from shared_apps.audit.services import record
from shared_apps.bounds.services import offered
from shared_apps.bounds.shipped import USUAL
from shared_apps.bounds.vocabulary import Cell, Party, Right, Scope
from tenant_apps.rights.book import Book, read_book
from tenant_apps.rights.models import SchoolRule
from tenant_apps.schools.models import School

CHANGED = "rights.rules_changed"
KEPT = 20  # changes shown


@dataclass(frozen=True, slots=True)
class Change:
    cell: Cell
    before: Scope
    after: Scope

    @property
    def code(self) -> str:
        return f"{self.cell.code}:{self.before.value}:{self.after.value}"

    @classmethod
    def of(cls, code: str) -> "Change":
        cell, before, after = code.split(":")
        return cls(Cell.of(cell), Scope(before), Scope(after))


@dataclass(frozen=True, slots=True)
class Past:
    """One saving, as the history shows it."""

    pk: Any
    at: datetime
    by: str
    changes: tuple[Change, ...]


def plan_changes(school: School, wanted: Mapping[Cell, Scope], book: Book | None = None) -> list[Change]:
    """What these choices would change. Raises DomainError: above the ceiling, writing to people one does not see."""
    book = book or read_book([school.pk])
    now = book.matrix(school.pk)
    changes = [Change(cell, now[cell], scope) for cell, scope in wanted.items() if now[cell] is not scope]
    _check(book, now | dict(wanted), changes)
    return changes


def _check(book: Book, after: Mapping[Cell, Scope], changes: list[Change]) -> None:
    for change in changes:
        if change.after not in offered(change.cell, book.ceilings[change.cell]):
            raise DomainError(_("L’académie ne permet pas d’aller jusque-là."), code="above_ceiling")
        pair = change.cell
        if after[pair._replace(right=Right.WRITE)].rank > after[pair._replace(right=Right.SEE)].rank:
            raise DomainError(_("Pour écrire à quelqu’un, il faut d’abord le voir."), code="write_without_see")


@transaction.atomic
def change_rules(*, actor: Any, school: School, wanted: Mapping[Cell, Scope]) -> list[Change]:
    """Write these choices; those equal to the usual rule leave no row."""
    _lock(actor, school)
    changes = plan_changes(school, wanted)
    _write(actor, school, changes)
    return changes


@transaction.atomic
def restore_defaults(*, actor: Any, school: School) -> list[Change]:
    """Back to the shipped matrix, under the ceilings."""
    _lock(actor, school)
    book = read_book([school.pk])
    before = book.matrix(school.pk)
    after = Book(book.ceilings, {}).matrix(school.pk)
    changes = [Change(cell, before[cell], scope) for cell, scope in after.items() if before[cell] is not scope]
    SchoolRule.objects.filter(school=school).delete()
    if changes:
        record(actor=actor, action=CHANGED, obj=school, changes=[change.code for change in changes])
    return changes


@transaction.atomic
def undo(*, actor: Any, school: School, entry: Any) -> list[Change]:
    """Puts back what one saving changed. Raises DomainError when a rule has changed since, or the ceiling came down."""
    _lock(actor, school)
    past = next((one for one in history(school) if str(one.pk) == str(entry)), None)
    if past is None:
        raise DomainError(_("Ce changement n’est plus dans l’historique."), code="unknown")
    now = read_book([school.pk]).matrix(school.pk)
    if any(now[change.cell] is not change.after for change in past.changes):
        raise DomainError(_("Une de ces règles a changé depuis : modifiez-la à la main."), code="changed_since")
    changes = plan_changes(school, {change.cell: change.before for change in past.changes})
    _write(actor, school, changes)
    return changes


def history(school: School) -> list[Past]:
    """The latest savings of the last twelve months, from the audit: it keeps ids only, so names are looked up."""
    entries = Entry.objects.filter(object_type="schools.school", object_id=str(school.pk), action=CHANGED)
    rows = list(entries.order_by("-sequence")[:KEPT])
    names = {user.pk: str(user) for user in User.objects.filter(pk__in={row.actor_id for row in rows})}
    platform = _("La plateforme")
    return [
        Past(row.pk, row.at, names.get(row.actor_id, platform), tuple(map(Change.of, row.facts["changes"])))
        for row in rows
    ]


def cells_of(sender: Party) -> list[tuple[Party, Cell, Cell]]:
    """(recipient, what is seen, what is written), in the order of the page."""
    return [(party, Cell(sender, party, Right.SEE), Cell(sender, party, Right.WRITE)) for party in Party]


def _lock(actor: Any, school: School) -> None:
    if actor is not None and not actor.has_perm("rights.change_matrix", school):
        raise PermissionDenied
    School.objects.select_for_update(of=("self",)).get(pk=school.pk)


def _write(actor: Any, school: School, changes: list[Change]) -> None:
    for change in changes:
        place: dict[str, Any] = {
            "school": school,
            "sender": change.cell.sender.value,
            "recipient": change.cell.recipient.value,
            "right": change.cell.right.value,
        }
        if change.after is USUAL[change.cell]:
            SchoolRule.objects.filter(**place).delete()
        else:
            SchoolRule.objects.update_or_create(**place, defaults={"scope": change.after.value, "set_by": actor})
    if changes:
        record(actor=actor, action=CHANGED, obj=school, changes=[change.code for change in changes])
