"""Everyone to whom a person may write (or whom they may see), as rows: the address book of messages."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from shared_apps.bounds.vocabulary import CHILDREN, Cell, Party, Right, Scope
from tenant_apps.people.models import Enrollment, Person, StaffAssignment
from tenant_apps.rights.book import Book, read_book
from tenant_apps.rights.ties import GRADES, ROLES, Tie, ties_of, with_authority
from tenant_apps.schools.models import School


@dataclass
class Reach:
    """Where the recipients of one kind are found."""

    children: set[Any] = field(default_factory=set)
    classes: set[Any] = field(default_factory=set)
    schools: set[Any] = field(default_factory=set)
    services: bool = False  # the school service, which works for all schools
    unplaced: bool = False  # the town's people of no school

    def __bool__(self) -> bool:
        return bool(self.children or self.classes or self.schools or self.services or self.unplaced)


def recipients_for(user: Any, right: Right = Right.WRITE) -> QuerySet[Person]:
    """A constant number of queries: seven to prepare, one to read."""
    me = Person.objects.filter(account=user).first()
    if me is None:
        return Person.objects.none()
    ties, book = ties_of([me.pk])[me.pk], read_book()
    schools = set(School.objects.values_list("pk", flat=True))
    found = Q(pk__in=[])
    for recipient in Party:
        reach = _reach(ties, recipient, right, book, schools)
        for rows in _rows(recipient, reach):
            found |= Q(pk__in=rows)
    return Person.objects.filter(found, account__is_active=True).exclude(pk=me.pk)


def people_of(party: Party, school: School) -> QuerySet[Person]:
    """Those of one kind in a school today: how many a rule concerns."""
    found = Q(pk__in=[])
    for rows in _rows(party, Reach(schools={school.pk})):
        found |= Q(pk__in=rows)
    return Person.objects.filter(found)


def _reach(ties: list[Tie], recipient: Party, right: Right, book: Book, schools: set[Any]) -> Reach:
    reach = Reach()
    for tie in ties:
        cell = Cell(tie.party, recipient, right)
        _near(reach, tie, cell, book, schools)
        if book.scope(cell, tie.school) is Scope.COMMUNE:
            reach.schools |= {school for school in schools if book.scope(cell, school) is Scope.COMMUNE}
            if book.scope(cell, None) is Scope.COMMUNE:
                reach.services = reach.unplaced = True
    return reach


def _near(reach: Reach, tie: Tie, cell: Cell, book: Book, schools: set[Any]) -> None:
    """What the tie shares with others: its child, its class, its school."""
    if tie.is_everywhere:
        reach.schools |= {school for school in schools if book.scope(cell, school).covers(Scope.SCHOOL)}
    if tie.school is None:
        return
    scope = book.scope(cell, tie.school)
    if scope.covers(Scope.CHILD) and tie.child is not None:
        reach.children.add(tie.child)
    if scope.covers(Scope.CLASS) and tie.has_class:
        reach.classes.add(tie.school_class)
    if scope.covers(Scope.SCHOOL):
        reach.schools.add(tie.school)
        reach.services = True


def _rows(recipient: Party, reach: Reach) -> Iterator[QuerySet]:
    if not reach:
        return
    if recipient in ROLES:
        yield _staff(recipient, reach).values("person")
        return
    enrolled = Enrollment.objects.on().filter(
        Q(pupil__in=reach.children) | Q(school_class__in=reach.classes) | Q(school_class__school__in=reach.schools)
    )
    if recipient in CHILDREN:
        yield enrolled.filter(grade__in=GRADES[recipient]).values("pupil__person")
    else:
        yield with_authority(enrolled).values("guardian")


def _staff(recipient: Party, reach: Reach) -> QuerySet:
    held = StaffAssignment.objects.on().filter(role__in=ROLES[recipient])
    where = Q(school__in=reach.schools) | Q(school_class__school__in=reach.schools)
    if recipient is not Party.HEAD:
        where |= Q(school_class__in=reach.classes)
    if reach.services:
        where |= Q(pk__in=StaffAssignment.objects.for_the_whole_commune().values("pk"))
    if reach.unplaced:
        where |= Q(school=None, school_class=None)
    return held.filter(where)
