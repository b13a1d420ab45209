"""One box for the staff: names without accents, with typing errors, and where each person found is.

Three lists of relations, not one of persons: each is read from its own rows, as visible to the reader, and says why
the person is here. The visible persons as a whole would be computed at each search: 0.3 s in a town.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tenant_apps.people.models import Enrollment, Guardianship, Person, StaffAssignment
from tenant_apps.people.querysets import nearness
from tenant_apps.schools.models import SchoolClass

AT_MOST = 30
NEAREST = 300
Relation = tuple[Person, str, str]  # its words, its page


@dataclass(slots=True)
class Found:
    """One person, and what the reader may know of why they are here: « CE2, Lakanal », « mère d’Inès »."""

    name: str
    rank: tuple[Any, ...]
    words: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def detail(self) -> str:
        return " · ".join(self.words)


@dataclass(frozen=True, slots=True)
class Answer:
    rows: list[Found]
    is_near: bool  # nobody has this very name: those who nearly have


def may_search(user: Any) -> bool:
    """Who works here today; what they find is another question."""
    return StaffAssignment.objects.of(user).on().exists()


def find(user: Any, text: str) -> Answer:
    """Four queries; four more when nobody has this name."""
    opened = set(SchoolClass.objects.families_open_to(user).values_list("pk", flat=True))
    rows = _merged(_relations(user, lambda rows: rows.named(text), opened))
    if rows:
        return Answer(rows, is_near=False)
    near = _nearest(text)
    rows = _merged(_relations(user, lambda rows: rows.of_persons(near), opened), near)
    return Answer(rows, is_near=bool(rows))


def _nearest(text: str) -> dict[Any, float]:
    """person id → how near the name is, of the commune's nearest names, whoever may see them."""
    with nearness():
        return dict(Person.objects.resembling(text).values_list("pk", "nearness")[:NEAREST])


def _relations(user: Any, which: Callable[[Any], Any], opened: set[Any]) -> Iterable[Relation]:
    """The first of each list: ranked alike, the first of all are there."""
    enrolled = which(Enrollment.objects.visible_to(user)).select_related("pupil__person", "school_class__school")
    for row in enrolled[:AT_MOST]:
        url = reverse("people:pupil", args=[row.pupil_id]) if row.school_class_id in opened else ""
        yield row.pupil.person, f"{row.school_class}, {row.school_class.school}", url
    charge = which(Guardianship.objects.visible_to(user)) if opened else []
    if opened:
        charge = charge.select_related("guardian", "pupil__person")[:AT_MOST]
    for link in charge:
        yield link.guardian, _charge(link), reverse("people:guardian", args=[link.guardian_id])
    functions = which(StaffAssignment.objects.visible_to(user))
    for row in functions.select_related("person", "school", "school_class", "service")[:AT_MOST]:
        yield row.person, _function(row), ""


def _merged(relations: Iterable[Relation], near: dict[Any, float] | None = None) -> list[Found]:
    """One line a person, whatever their relations; a name alone leads nowhere."""
    found: dict[Any, Found] = {}
    for person, words, url in relations:
        rank = (-(near or {}).get(person.pk, 0.0), person.sort_name, person.pk)
        line = found.setdefault(person.pk, Found(person.full_name, rank))
        line.words.append(words)
        line.url = line.url or url
    return sorted(found.values(), key=lambda line: line.rank)[:AT_MOST]


def _charge(link: Guardianship) -> str:
    words = {"mother": _("mère de %(child)s"), "father": _("père de %(child)s")}
    told = words.get(link.kinship, _("responsable de %(child)s"))
    return told % {"child": link.pupil.person.full_name}


def _function(row: StaffAssignment) -> str:
    where = [str(place) for place in (row.school_class, row.school, row.service) if place]
    return ", ".join([row.get_role_display(), *where])
