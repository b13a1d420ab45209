"""Whom a message is for: groups and persons, as short codes; always within what the matrix allows that day.

guardians:<class>  pupils:<class>  teachers:<class>  staff:<school>  heads:<school>  families:<school>  person:<person>
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tenant_apps.messages.models import Message, RecipientList
from tenant_apps.people.models import Enrollment, Person, StaffAssignment
from tenant_apps.people.roles import SCHOOL_STAFF, TEACHING, Role
from tenant_apps.rights.recipients import recipients_for
from tenant_apps.rights.ties import ties_of
from tenant_apps.schools.models import School, SchoolClass

CODE = re.compile(r"(guardians|pupils|teachers|staff|heads|families|person):([0-9a-f-]{36})")
GUARDIAN = "pupil__guardianships__guardian"


def _children() -> QuerySet:
    """Enrolments with the adults who hold the authority: one row for each adult."""
    links = "pupil__guardianships__"
    lasting = Q(**{f"{links}ended_on": None}) | Q(**{f"{links}ended_on__gt": timezone.localdate()})
    return Enrollment.objects.on().filter(lasting, **{f"{links}has_parental_authority": True})


def _staff(roles: Collection[str]) -> QuerySet:
    held = StaffAssignment.objects.on().filter(role__in=roles)
    return held.annotate(place=Coalesce("school", "school_class__school"))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of group: its rows, where they say the class or the school, and the person."""

    rows: Callable[[], QuerySet]
    place: str
    person: str
    words: Any
    is_class: bool = True

    def members(self, places: Collection[Any]) -> QuerySet:
        return self.rows().filter(**{f"{self.place}__in": places}).order_by()


KINDS = {
    "guardians": Kind(_children, "school_class", GUARDIAN, gettext_lazy("Parents · %(place)s")),
    "pupils": Kind(Enrollment.objects.on, "school_class", "pupil__person", gettext_lazy("Élèves · %(place)s")),
    "teachers": Kind(lambda: _staff(TEACHING), "school_class", "person", gettext_lazy("Enseignants · %(place)s")),
    "staff": Kind(lambda: _staff(SCHOOL_STAFF), "place", "person", gettext_lazy("Équipe · %(place)s"), False),
    "heads": Kind(lambda: _staff({Role.HEAD}), "place", "person", gettext_lazy("Direction · %(place)s"), False),
    "families": Kind(_children, "school_class__school", GUARDIAN, gettext_lazy("Tous les parents · %(place)s"), False),
}


@dataclass(frozen=True, slots=True)
class Group:
    code: str
    label: str
    count: int


def clean(codes: Iterable[str]) -> list[str]:
    """What is shaped like a code, once each."""
    return list(dict.fromkeys(code for code in codes if CODE.fullmatch(code)))


def expand(user: Any, codes: Iterable[str]) -> list[str]:
    """Saved lists (`list:<id>`) become what they hold."""
    found: list[str] = []
    lists = {f"list:{row.pk}": row.to for row in RecipientList.objects.filter(owner=user)}
    for code in codes:
        found += lists.get(code, [code])
    return clean(found)


def recipients_of(message: Message) -> QuerySet[Person]:
    """Who gets it, if it left now. Answering who wrote needs no other right; answering all of them does."""
    allowed = recipients_for(message.author)
    found = Q(pk__in=allowed.filter(_named(message.to)).values("pk")) if message.to else Q(pk__in=[])
    if message.answers is not None:
        found |= Q(account=message.answers.author)
        if message.to_all:
            others = message.answers.copies.values("account")
            found |= Q(pk__in=allowed.filter(account__in=others).values("pk"))
    return Person.objects.filter(found, account__is_active=True).exclude(account=message.author)


def _named(codes: Collection[str]) -> Q:
    found = Q(pk__in=[])
    for kind, places in _by_kind(codes).items():
        if kind == "person":
            found |= Q(pk__in=places)
        else:
            found |= Q(pk__in=KINDS[kind].members(places).values(KINDS[kind].person))
    return found


def _by_kind(codes: Collection[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        kind, place = code.split(":")
        found[kind].append(place)
    return found


def groups_for(user: Any) -> list[Group]:
    """The groups in which this person may write to somebody: those of one's classes and schools."""
    me = Person.objects.filter(account=user).first()
    if me is None:
        return []
    ties = ties_of([me.pk])[me.pk]
    headed = {tie.school for tie in ties if tie.party == "head"}
    schools = {tie.school for tie in ties if tie.school}
    classes = SchoolClass.objects.current().filter(
        Q(pk__in={tie.school_class for tie in ties if tie.school_class}) | Q(school__in=headed)
    )
    names = {row.pk: str(row) for row in classes.by_grade()}
    places = names | {row.pk: str(row) for row in School.objects.filter(pk__in=schools)}
    allowed = set(recipients_for(user).values_list("pk", flat=True))
    found = []
    for name, kind in KINDS.items():
        members: dict[Any, set[Any]] = defaultdict(set)
        rows = kind.members(names if kind.is_class else schools).values_list(kind.place, kind.person)
        for place, person in rows:
            members[place].add(person)
        reached = {place: len(members[place] & allowed) for place in places}
        found += [
            Group(f"{name}:{place}", kind.words % {"place": places[place]}, count)
            for place, count in reached.items()
            if count
        ]
    return found


def labels_of(codes: Collection[str]) -> dict[str, str]:
    """Code → words, of groups and persons; three queries."""
    by_kind = _by_kind(codes)
    ids = {place for kind, places in by_kind.items() if kind != "person" for place in places}
    names = {str(row.pk): str(row) for model in (SchoolClass, School) for row in model.objects.filter(pk__in=ids)}
    persons = {str(row.pk): row.formal_name for row in Person.objects.filter(pk__in=by_kind.get("person", []))}
    found = {}
    for code in codes:
        kind, place = code.split(":")
        if kind == "person" and place in persons:
            found[code] = persons[place]
        elif place in names:
            found[code] = KINDS[kind].words % {"place": names[place]}
    return found


def words_of(codes: Collection[str]) -> str:
    """What readers see of who else got it: the groups, and a number; never the name of another family."""
    labels = labels_of([code for code in codes if not code.startswith("person:")])
    parts = list(labels.values())
    if alone := sum(code.startswith("person:") for code in codes):
        parts.append(ngettext("%(count)s personne", "%(count)s personnes", alone) % {"count": alone})
    return get_text_list(parts, _("et"))[:300]


@dataclass(frozen=True, slots=True)
class Summary:
    """« 24 enfants et 41 parents liront ceci. »"""

    people: int
    pupils: int
    guardians: int
    staff: int
    children: int  # of the classes written to, whose parents read
    unreached: tuple[str, ...]  # children of those classes for whom nobody has an account

    @property
    def words(self) -> str:
        parts = [
            (self.pupils, ngettext("%(count)s élève", "%(count)s élèves", self.pupils)),
            (self.guardians, ngettext("%(count)s parent", "%(count)s parents", self.guardians)),
            (self.staff, ngettext("%(count)s adulte de l’école", "%(count)s adultes de l’école", self.staff)),
        ]
        named = get_text_list([words % {"count": count} for count, words in parts if count], _("et"))
        return ngettext("%(who)s lira ceci.", "%(who)s liront ceci.", self.people) % {"who": named}


def summary_of(message: Message) -> Summary:
    """Who would read it now, counted by what they are."""
    persons = recipients_of(message)
    ids = set(persons.values_list("pk", flat=True))
    pupils = set(Enrollment.objects.on().filter(pupil__person__in=ids).values_list("pupil__person", flat=True))
    staff = set(StaffAssignment.objects.on().filter(person__in=ids).values_list("person", flat=True)) - pupils
    children = _children_written_for(message.to)
    reached = {child for child, adult in children if adult in ids}
    missing = {child for child, _adult in children} - reached
    names = Enrollment.objects.on().filter(pupil__in=missing).order_by("pupil__person__sort_name")
    unreached = [
        f"{first} {last}" for first, last in names.values_list("pupil__person__first_name", "pupil__person__birth_name")
    ]
    return Summary(len(ids), len(pupils), len(ids - pupils - staff), len(staff), len(reached), tuple(unreached))


def _children_written_for(codes: Collection[str]) -> list[tuple[Any, Any]]:
    """(pupil, adult) of the classes whose parents are written to; the adult is empty for a child who has none."""
    by_kind = _by_kind(codes)
    where = Q(school_class__in=by_kind.get("guardians", [])) | Q(school_class__school__in=by_kind.get("families", []))
    pupils = Enrollment.objects.on().filter(where).values_list("pupil", flat=True)
    adults = _children().filter(where).values_list("pupil", GUARDIAN)
    return [*((pupil, None) for pupil in pupils), *adults]
