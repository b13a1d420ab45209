"""What the commune knows of the families that a file of guardians names: three queries, whatever its size."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.frozen import unprepared
from core.many import many
from core.text import sort_key
from tenant_apps.imports.kinds import Parsed
from tenant_apps.imports.register import name_key, names_of
from tenant_apps.imports.values import humane
from tenant_apps.people.models import Enrollment, Guardianship, Person
from tenant_apps.people.pairs import merged_away
from tenant_apps.schools.models import School

CHILD_FACTS = (
    "pupil_id",
    "school_class__label",
    *(f"pupil__person__{name}" for name in ("birth_name", "usage_name", "first_name", "address", "postal_code")),
)


@dataclass(frozen=True, slots=True)
class Child:
    pk: UUID
    name: str
    class_label: str
    home: tuple[str, str]  # address and postal code, as compared


class Families:
    def __init__(self, school: School, rows: Iterable[Parsed]) -> None:
        self.children: dict[tuple[str, str], dict[UUID, Child]] = defaultdict(dict)
        self._load_children(school)
        # Ended links too: what the head ended, a file never makes again.
        self.links: set[tuple[UUID, UUID]] = set(_links(school))
        keys = {
            sort_key(last, row.data["first_name"])
            for row in rows
            for last in (row.data["birth_name"], row.data["usage_name"])
            if last
        }
        self.adults: dict[tuple[str, str], dict[UUID, Person]] = defaultdict(dict)
        for adult in _adults(many(keys), many({guardian for _pupil, guardian in self.links})):
            for key in names_of(adult.birth_name, adult.usage_name, adult.first_name):
                self.adults[key][adult.pk] = adult

    def _load_children(self, school: School) -> None:
        for pk, label, birth, usage, first, address, code in _children(school):
            home = (sort_key(address), code) if address else ("", "")
            child = Child(pk, f"{first} {usage or birth}", sort_key(label), home)
            for key in names_of(birth, usage, first):
                self.children[key][pk] = child

    def adults_named(self, data: dict[str, Any]) -> list[Person]:
        """Those who bear one of the two names of the line, the oldest record first."""
        keys = names_of(data["birth_name"], data["usage_name"], data["first_name"])
        found = {pk: adult for key in keys for pk, adult in self.adults.get(key, {}).items()}
        return [found[pk] for pk in sorted(found)]

    def children_of(self, data: dict[str, Any]) -> tuple[list[Child], list[str]]:
        """The children of this school that a line names for sure, and what is said of the others."""
        found: dict[UUID, Child] = {}
        doubts = []
        for named in data["children"]:
            child, doubt = self._child(named, data)
            if child is not None:
                found[child.pk] = child
            elif doubt:
                doubts.append(doubt)
        return list(found.values()), doubts

    def _child(self, named: dict[str, str], data: dict[str, Any]) -> tuple[Child | None, str]:
        """By name, first name and class. A class empty or out of date is no proof: the home or a link is asked for."""
        candidates = self._named(named)
        label = sort_key(named.get("class_label", ""))
        in_class = [child for child in candidates if label and child.class_label == label]
        if len(in_class) == 1:
            return in_class[0], ""
        sure = [child for child in in_class or candidates if self._is_proven(child, data)]
        if len(sure) == 1:
            return sure[0], ""
        return None, _doubt(named, candidates, in_class)

    def _named(self, named: dict[str, str]) -> list[Child]:
        found: dict[UUID, Child] = {}
        for last in (named.get("birth_name", ""), named.get("usage_name", "")):
            if last:
                found |= self.children.get(name_key(last, named.get("first_name", "")), {})
        return list(found.values())

    def _is_proven(self, child: Child, data: dict[str, Any]) -> bool:
        home = (sort_key(data["address"]), data["postal_code"])
        is_linked = any((child.pk, adult.pk) in self.links for adult in self.adults_named(data))
        return is_linked or (bool(data["address"]) and child.home == home)


def _enrolled(school: School) -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(ends_on=None, school_class__school=school).order_by("pk")


@unprepared
def _children(school: School) -> QuerySet:
    return _enrolled(school).values_list(*CHILD_FACTS)


@unprepared
def _links(school: School) -> QuerySet:
    links = Guardianship.objects.filter(pupil__in=_enrolled(school).order_by().values("pupil")).order_by()
    return links.values_list("pupil_id", "guardian_id")


@unprepared
def _adults(names: str, keys: str) -> QuerySet[Person]:
    """A pupil is nobody's guardian; the staff may be."""
    wanted = Q(sort_name__many=names) | Q(pk__many=keys)
    return Person.objects.filter(wanted, pupil=None).exclude(pk__in=merged_away()).order_by("pk")


def _doubt(named: dict[str, str], candidates: list[Child], in_class: list[Child]) -> str:
    last = named.get("birth_name") or named.get("usage_name", "")
    name = f"{humane(named.get('first_name', ''))} {humane(last)}".strip()
    if len(in_class) > 1 or len(candidates) > 1:
        return _("Plusieurs élèves s’appellent « %(name)s » : ONDE ne dit pas duquel il s’agit.") % {"name": name}
    if candidates:
        return _("« %(name)s » n’est pas dans la classe indiquée : personne ne lui est rattaché.") % {"name": name}
    return _("« %(name)s » n’est pas dans l’école : importez d’abord les élèves.") % {"name": name}
