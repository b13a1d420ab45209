"""The board as its page shows it: columns of pupils, numbers by grade and sex, brothers and sisters."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenant_apps.people.models import Guardianship, Person
from tenant_apps.schools.models import Grade, School
from tenant_apps.year_change.models import DraftClass, Placement, YearDraft


@dataclass(slots=True)
class Card:
    placement: Placement
    siblings: list[str] = field(default_factory=list)

    @property
    def person(self) -> Person:
        return self.placement.pupil.person

    @property
    def detail(self) -> str:
        """« CE2, fille · fratrie dans la même classe : Tom »."""
        sexes = {Person.Sex.FEMALE: _("fille"), Person.Sex.MALE: _("garçon")}
        words = [self.placement.grade, sexes.get(self.person.sex, "")]
        if self.placement.destination_id:
            words.append(str(self.placement.destination))
        parts = [", ".join(word for word in words if word)]
        if self.siblings:
            names = ", ".join(self.siblings)
            parts.append(_("fratrie dans la même classe : %(names)s") % {"names": names})
        return " · ".join(parts)


@dataclass
class Column:
    """A class, « à placer », or « quittent l’école »."""

    value: str  # what the form sends
    title: str
    cards: list[Card]
    room: DraftClass | None = None
    staff: list[Person] = field(default_factory=list)

    @cached_property
    def counts(self) -> str:
        """« 24 élèves : 12 CE1, 12 CE2 · 13 filles, 11 garçons »."""
        n = len(self.cards)
        words = ngettext("%(n)s élève", "%(n)s élèves", n) % {"n": n}
        grades = Counter(card.placement.grade for card in self.cards)
        told = [f"{grades[grade]} {grade}" for grade in Grade.values if grades[grade]]
        sexes = Counter(card.person.sex for card in self.cards)
        girls, boys = sexes[Person.Sex.FEMALE], sexes[Person.Sex.MALE]
        by_sex = [
            ngettext("%(n)s fille", "%(n)s filles", girls) % {"n": girls} if girls else "",
            ngettext("%(n)s garçon", "%(n)s garçons", boys) % {"n": boys} if boys else "",
        ]
        parts = [words, ", ".join(told), ", ".join(word for word in by_sex if word)]
        return " · ".join(part for part in parts if part)

    @property
    def strange_grades(self) -> list[str]:
        """Of pupils placed in a class that was not planned for them."""
        if self.room is None or not self.room.grades:
            return []
        found = {card.placement.grade for card in self.cards} - set(self.room.grades)
        return [grade for grade in Grade.values if grade in found]


@dataclass(frozen=True)
class Board:
    draft: YearDraft
    waiting: Column
    rooms: list[Column]
    leaving: Column

    @property
    def columns(self) -> list[Column]:
        return [self.waiting, *self.rooms, self.leaving]

    @property
    def pupils(self) -> int:
        return sum(len(column.cards) for column in self.columns)


def board_of(draft: YearDraft) -> Board:
    """A constant number of queries, however many pupils and classes."""
    rows = draft.placements.select_related("pupil__person", "destination")
    by_place: dict[Any, list[Card]] = defaultdict(list)
    for row in rows.order_by("pupil__person__sort_name", "pk"):
        by_place["leaves" if row.leaves else row.draft_class_id].append(Card(row))
    rooms = [
        Column(str(one.pk), one.label, by_place[one.pk], one, list(one.staff.all()))
        for one in draft.classes.prefetch_related("staff")
    ]
    rooms.sort(key=_by_grade)
    _tell_siblings(rooms)
    waiting = Column("", _("À placer"), by_place[None])
    return Board(draft, waiting, rooms, Column("leaves", _("Quittent l’école"), by_place["leaves"]))


def _by_grade(column: Column) -> tuple[int, str]:
    grades = column.room.grades if column.room else []
    return min((Grade.values.index(grade) for grade in grades), default=99), column.title


def _tell_siblings(rooms: list[Column]) -> None:
    """Children of one adult who would be in one class: the head may want it or not."""
    links: dict[Any, set[Any]] = defaultdict(set)
    cards = [card for column in rooms for card in column.cards]
    known = Guardianship.objects.current().filter(pupil__in=[card.placement.pupil_id for card in cards])
    for pupil, guardian in known.values_list("pupil", "guardian"):
        links[pupil].add(guardian)
    for column in rooms:
        for card in column.cards:
            mine = links[card.placement.pupil_id]
            card.siblings = [
                other.person.first_name
                for other in column.cards
                if other is not card and mine & links[other.placement.pupil_id]
            ]


def destinations(draft: YearDraft) -> list[School]:
    """Schools of the commune to which a child may go, for those that keep one grade and no further."""
    return list(School.objects.open().exclude(pk=draft.school_id).exclude(kind=School.Kind.NURSERY))
