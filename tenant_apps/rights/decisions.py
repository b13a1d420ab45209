"""May this person write to that one, and why? What messages will ask; what the « pourquoi ? » page shows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shared_apps.bounds.shipped import MOST, USUAL
from shared_apps.bounds.vocabulary import Cell, Party, Right, Scope, narrowest
from tenant_apps.people.models import Person
from tenant_apps.rights.book import Book, read_book
from tenant_apps.rights.models import SchoolRule
from tenant_apps.rights.ties import Tie, nearness, ties_of


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule weighed between two faces."""

    cell: Cell
    sender: Tie
    recipient: Tie
    near: Scope  # the nearest thing they share
    scope: Scope  # how far the rule goes there
    rule: SchoolRule | None  # the school's own, else the usual one holds
    is_cut: bool  # the academy says less than the school

    @property
    def allows(self) -> bool:
        return self.scope.covers(self.near)

    @property
    def is_forbidden_everywhere(self) -> bool:
        return MOST[self.cell] is Scope.NONE

    @property
    def is_usual(self) -> bool:
        return self.rule is None or (self.rule.scope == USUAL[self.cell] and not self.is_cut)


@dataclass(frozen=True, slots=True)
class Answer:
    """Truthy when allowed. `obstacle`: what no rule can lift."""

    right: Right
    reasons: tuple[Reason, ...] = ()
    obstacle: str = ""  # self | no_account | sender_unknown | recipient_unknown

    def __bool__(self) -> bool:
        return not self.obstacle and any(reason.allows for reason in self.reasons)

    @property
    def deciding(self) -> tuple[Reason, ...]:
        """When allowed, what allows; else what was weighed, the nearest first."""
        if self:
            return tuple(reason for reason in self.reasons if reason.allows)
        return self.reasons


def may_write(sender: Person, recipient: Person) -> Answer:
    return explain(sender, recipient, Right.WRITE)


def may_see(viewer: Person, person: Person) -> Answer:
    return explain(viewer, person, Right.SEE)


def explain(sender: Person, recipient: Person, right: Right = Right.WRITE) -> Answer:
    """Five queries, and the recipient's account."""
    if sender.pk == recipient.pk:
        return Answer(right, obstacle="self")
    ties = ties_of([sender.pk, recipient.pk])
    obstacle = _obstacle(ties[sender.pk], ties[recipient.pk], recipient)
    if obstacle:
        return Answer(right, obstacle=obstacle)
    found = _reasons(ties[sender.pk], ties[recipient.pk], right, read_book())
    return Answer(right, tuple(_nearest_by_cell(found)))


def _obstacle(mine: list[Tie], theirs: list[Tie], recipient: Person) -> str:
    if recipient.account is None or not recipient.account.is_active:
        return "no_account"
    if not mine:
        return "sender_unknown"
    return "" if theirs else "recipient_unknown"


def _reasons(mine: list[Tie], theirs: list[Tie], right: Right, book: Book) -> Iterator[Reason]:
    for one in mine:
        for other in theirs:
            yield weigh(one, other, right, book)


def weigh(one: Tie, other: Tie, right: Right, book: Book) -> Reason:
    """The rule is that of the school where they meet; across schools, the stricter of the two schools' rules."""
    cell, near = Cell(one.party, other.party, right), nearness(one, other)
    places = [one.school, other.school] if near is Scope.COMMUNE else [one.school or other.school]
    place = min(places, key=lambda school: book.scope(cell, school).rank)
    scope = narrowest(*(book.scope(cell, school) for school in places))
    return Reason(cell, one, other, near, scope, book.own.get((place, cell)), book.is_cut(cell, place))


def _nearest_by_cell(reasons: Iterable[Reason]) -> list[Reason]:
    """For each pair of faces, what allows; else the nearest."""
    kept: dict[tuple[Party, Party], Reason] = {}
    for reason in reasons:
        key = (reason.cell.sender, reason.cell.recipient)
        if key not in kept or _order(reason) < _order(kept[key]):
            kept[key] = reason
    return sorted(kept.values(), key=_order)


def _order(reason: Reason) -> tuple[bool, int]:
    return (not reason.allows, reason.near.rank)
