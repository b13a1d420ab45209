"""Which records look like one human being, and how much. It only proposes: a person decides, side by side."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as lazy

from core.text import fold, sort_key
from tenant_apps.people.models import Enrollment, Guardianship, Person, StaffAssignment
from tenant_apps.people.pairs import PersonPair, merged_away
from tenant_apps.schools.models import School

SHOWN_FROM, SURE_FROM = 50, 80
ALIKE = 0.72  # of two spellings: « Sophie » and « Sofie »
# What agrees, and what it weighs. A name alone stays under the line: homonyms are many.
WEIGHTS = {"name": 40, "spelling": 30, "birth": 35, "email": 35, "phone": 25, "home": 15, "child": 30}
AGAINST = {"birth": -60, "email": -15, "phone": -5}
REASONS = {
    "name": lazy("même nom"),
    "spelling": lazy("noms presque identiques"),
    "birth": lazy("même date de naissance"),
    "email": lazy("même courriel"),
    "phone": lazy("même téléphone"),
    "home": lazy("même adresse"),
    "child": lazy("un enfant en commun"),
}
COLUMNS = (
    "pk", "first_name", "birth_name", "usage_name", "birth_date", "email", "phone", "address", "postal_code",
    "pupil__ine", "pupil__pk",
)  # fmt: skip


@dataclass(slots=True)
class Facts:
    """What is compared of a person."""

    pk: UUID
    first: str
    lasts: frozenset[str]
    birth: Any
    email: str
    phone: str
    home: tuple[str, str]
    ine: str | None
    is_pupil: bool
    children: set[UUID] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two persons, the one known first before."""

    one: UUID
    two: UUID
    score: int
    reasons: tuple[str, ...]

    @property
    def is_sure(self) -> bool:
        """Two spellings may be twins, or a couple named Marie and Mario."""
        return self.score >= SURE_FROM and "name" in self.reasons


def candidates(schools: Iterable[School]) -> list[Candidate]:
    """Pairs of which one at least is of these schools, the most alike first. Six queries, whatever the number."""
    mine = people_of(schools)
    facts = _facts(Person.objects.filter(pk__in=mine).exclude(pk__in=merged_away()))
    known = facts | _facts(_near(facts.values()))
    _add_children(known)
    settled = {frozenset(pair) for pair in PersonPair.objects.settled().values_list("kept_id", "other_id")}
    found = []
    for one, two in _blocks(known):
        if (one in facts or two in facts) and frozenset((one, two)) not in settled:
            score, reasons = compare(known[one], known[two])
            if score >= SHOWN_FROM:
                found.append(Candidate(one, two, score, reasons))
    return sorted(found, key=lambda pair: (-pair.score, pair.one, pair.two))


def compare(one: Facts, two: Facts) -> tuple[int, tuple[str, ...]]:
    """(score out of 100, what agrees). 0: two people, or nothing to say."""
    if one.is_pupil != two.is_pupil or (one.ine and two.ine and one.ine != two.ine):
        return 0, ()
    naming = _naming(one, two)
    if not naming:
        return 0, ()
    score, reasons = WEIGHTS[naming], [naming]
    for key in ("birth", "email", "phone", "home"):
        a, b = getattr(one, key), getattr(two, key)
        if _is_told(a) and _is_told(b):
            score += WEIGHTS[key] if a == b else AGAINST.get(key, 0)
            reasons += [key] if a == b else []
    if one.children & two.children:
        score, reasons = score + WEIGHTS["child"], [*reasons, "child"]
    return max(0, min(score, 100)), tuple(reasons)


def words(reasons: Iterable[str]) -> str:
    return ", ".join(str(REASONS[reason]) for reason in reasons)


def _is_told(value: Any) -> bool:
    return bool(value) and value != ("", "")


def _naming(one: Facts, two: Facts) -> str:
    """`name`, `spelling`, or nothing: a couple shares its home and its telephone, never its first name."""
    if one.first == two.first and one.lasts & two.lasts:
        return "name"
    if _are_alike(one.first, two.first) and any(_are_alike(a, b) for a in one.lasts for b in two.lasts):
        return "spelling"
    return ""


def _are_alike(one: str, two: str) -> bool:
    return one == two or SequenceMatcher(None, one, two).ratio() >= ALIKE


def people_of(schools: Iterable[School]) -> set[UUID]:
    """The pupils, families and staff of the day."""
    enrolled = Enrollment.objects.on().filter(school_class__school__in=list(schools))
    pupils = set(enrolled.values_list("pupil__person_id", flat=True))
    links = Guardianship.objects.current().filter(pupil__in=enrolled.values("pupil"))
    staff = StaffAssignment.objects.on().filter(school__in=list(schools))
    return pupils | set(links.values_list("guardian_id", flat=True)) | set(staff.values_list("person_id", flat=True))


def _near(mine: Iterable[Facts]) -> QuerySet[Person]:
    """Those of the commune who share a name, a mail or a telephone with them."""
    mine = list(mine)
    names = {f"{last} {one.first}" for one in mine for last in one.lasts}
    emails, phones = {one.email for one in mine} - {""}, {one.phone for one in mine} - {""}
    wanted = Q(sort_name__in=names) | Q(email__in=emails) | Q(phone__in=phones)
    return Person.objects.filter(wanted).exclude(pk__in=merged_away())


def _facts(people: QuerySet[Person]) -> dict[UUID, Facts]:
    return {row[0]: _fact(*row) for row in people.order_by().values_list(*COLUMNS)}


def _fact(
    pk: UUID, first: str, birth_name: str, usage: str, born: Any, email: str, phone: str, address: str, code: str,
    ine: str | None, pupil: Any,
) -> Facts:  # fmt: skip
    lasts = frozenset(sort_key(last) for last in (birth_name, usage) if last)
    home = (sort_key(address), fold(code)) if address else ("", "")
    return Facts(pk, sort_key(first), lasts, born, email.lower(), phone, home, ine, pupil is not None)


def _add_children(known: dict[UUID, Facts]) -> None:
    adults = [one.pk for one in known.values() if not one.is_pupil]
    for guardian, pupil in Guardianship.objects.filter(guardian__in=adults).values_list("guardian_id", "pupil_id"):
        known[guardian].children.add(pupil)


def _blocks(known: dict[UUID, Facts]) -> set[tuple[UUID, UUID]]:
    """Only those who share something are compared: everybody with everybody would be sixteen million pairs a town."""
    groups: dict[Any, list[UUID]] = defaultdict(list)
    for one in known.values():
        for key in _keys(one):
            groups[key].append(one.pk)
    pairs = set()
    for group in groups.values():
        group.sort()
        pairs |= {(a, b) for n, a in enumerate(group) for b in group[n + 1 :] if a != b}
    return pairs


def _keys(one: Facts) -> set[Any]:
    keys: set[Any] = {("name", last, one.first) for last in one.lasts}
    keys |= {("mail", one.email)} if one.email else set()
    keys |= {("phone", one.phone)} if one.phone else set()
    keys |= {("child", child) for child in one.children}
    if one.birth and one.is_pupil:
        keys |= {("born", one.birth, one.first), *(("born", one.birth, last) for last in one.lasts)}
    return keys
