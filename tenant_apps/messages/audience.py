"""Whom a message is for: groups and persons, as short codes; always within what the matrix allows that day.

guardians:<class>  pupils:<class>  teachers:<class>  staff:<school>  heads:<school>  families:<school>  person:<person>
group_guardians:<group of pupils>  group_pupils:<group of pupils>: of the groups that the author keeps, no others
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
from tenant_apps.people.models import Enrollment, Person, Pupil, PupilGroup, PupilGroupMember, StaffAssignment
from tenant_apps.people.roles import SCHOOL_STAFF, TEACHING, Role
from tenant_apps.rights.recipients import recipients_for
from tenant_apps.rights.ties import ties_of
from tenant_apps.schools.models import School, SchoolClass

CODE = re.compile(r"((?:group_)?guardians|(?:group_)?pupils|teachers|staff|heads|families|person):([0-9a-f-]{36})")
GUARDIAN = "pupil__guardianships__guardian"


def _with_adults(children: QuerySet) -> QuerySet:
    """Enrolments or memberships, with the adults who hold the authority: one row for each adult."""
    links = "pupil__guardianships__"
    lasting = Q(**{f"{links}ended_on": None}) | Q(**{f"{links}ended_on__gt": timezone.localdate()})
    return children.filter(lasting, **{f"{links}has_parental_authority": True})


def _children() -> QuerySet:
    return _with_adults(Enrollment.objects.on())


def _members() -> QuerySet:
    return PupilGroupMember.objects.on().filter(group__in=PupilGroup.objects.on())


def _kept(user: Any) -> QuerySet[PupilGroup]:
    """The groups of pupils to which one writes: a code typed by hand tells nothing of another's group."""
    return PupilGroup.objects.on().kept_by(user)


def _staff(roles: Collection[str]) -> QuerySet:
    held = StaffAssignment.objects.on().filter(role__in=roles)
    return held.annotate(place=Coalesce("school", "school_class__school"))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of group: its rows, where they say the class, the school or the group of pupils, and the person."""

    rows: Callable[[], QuerySet]
    place: str
    person: str
    words: Any
    of: type[SchoolClass | School | PupilGroup] = SchoolClass

    def members(self, places: Collection[Any]) -> QuerySet:
        return self.rows().filter(**{f"{self.place}__in": places}).order_by()


KINDS = {
    "guardians": Kind(_children, "school_class", GUARDIAN, gettext_lazy("Parents · %(place)s")),
    "pupils": Kind(Enrollment.objects.on, "school_class", "pupil__person", gettext_lazy("Élèves · %(place)s")),
    "teachers": Kind(lambda: _staff(TEACHING), "school_class", "person", gettext_lazy("Enseignants · %(place)s")),
    "staff": Kind(lambda: _staff(SCHOOL_STAFF), "place", "person", gettext_lazy("Équipe · %(place)s"), School),
    "heads": Kind(lambda: _staff({Role.HEAD}), "place", "person", gettext_lazy("Direction · %(place)s"), School),
    "families": Kind(_children, "school_class__school", GUARDIAN, gettext_lazy("Tous les parents · %(place)s"), School),
    "group_guardians": Kind(
        lambda: _with_adults(_members()), "group", GUARDIAN, gettext_lazy("Parents du groupe · %(place)s"), PupilGroup
    ),
    "group_pupils": Kind(_members, "group", "pupil__person", gettext_lazy("Élèves du groupe · %(place)s"), PupilGroup),
}
OF_GROUPS = tuple(f"{name}:" for name, kind in KINDS.items() if kind.of is PupilGroup)


@dataclass(frozen=True, slots=True)
class Group:
    code: str
    label: str
    count: int


def clean(codes: Iterable[str]) -> list[str]:
    """What is shaped like a code, once each."""
    return list(dict.fromkeys(code for code in codes if CODE.fullmatch(code)))


def expand(user: Any, codes: Iterable[str]) -> list[str]:
    """Saved lists (`list:<id>`) become what they hold; groups of pupils that one does not keep go."""
    found: list[str] = []
    lists = {f"list:{row.pk}": row.to for row in RecipientList.objects.filter(owner=user)}
    for code in codes:
        found += lists.get(code, [code])
    return _of_kept_groups(user, clean(found))


def _of_kept_groups(user: Any, codes: Collection[str]) -> list[str]:
    if not any(code.startswith(OF_GROUPS) for code in codes):
        return list(codes)
    kept = {str(pk) for pk in _kept(user).values_list("pk", flat=True)}
    return [code for code in codes if not code.startswith(OF_GROUPS) or code.split(":")[1] in kept]


def recipients_of(message: Message) -> QuerySet[Person]:
    """Who gets it, if it left now. Answering who wrote needs no other right; answering all of them does."""
    allowed = recipients_for(message.author)
    codes = _of_kept_groups(message.author, message.to)
    found = Q(pk__in=allowed.filter(_named(codes)).values("pk")) if codes else Q(pk__in=[])
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
    names: dict[Any, dict[Any, str]] = {
        SchoolClass: {row.pk: str(row) for row in classes.by_grade()},
        School: {row.pk: str(row) for row in School.objects.filter(pk__in=schools)},
        PupilGroup: {row.pk: str(row) for row in _kept(user)},
    }
    allowed = set(recipients_for(user).values_list("pk", flat=True))
    found = []
    for name, kind in KINDS.items():
        members: dict[Any, set[Any]] = defaultdict(set)
        for place, person in kind.members(names[kind.of]).values_list(kind.place, kind.person):
            members[place].add(person)
        reached = {place: len(members[place] & allowed) for place in names[kind.of]}
        found += [
            Group(f"{name}:{place}", kind.words % {"place": names[kind.of][place]}, count)
            for place, count in reached.items()
            if count
        ]
    return found


def labels_of(codes: Collection[str]) -> dict[str, str]:
    """Code → words, of groups and persons; four queries."""
    by_kind = _by_kind(codes)
    ids = {place for kind, places in by_kind.items() if kind != "person" for place in places}
    models = (SchoolClass, School, PupilGroup)
    names = {str(row.pk): str(row) for model in models for row in model.objects.filter(pk__in=ids)}
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
    children: int  # of the classes and groups written to, whose parents read
    unreached: tuple[str, ...]  # children of those for whom nobody has an account
    barred: tuple[str, ...]  # children of those to whose parents the rules don't let one write

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
    children = _children_written_for(_of_kept_groups(message.author, message.to))
    reached = {child for child, adult in children if adult in ids}
    missing = {child for child, _adult in children} - reached
    known = _with_an_account(message.author, (adult for child, adult in children if child in missing))
    barred = {child for child, adult in children if child in missing and adult in known}
    return Summary(
        len(ids),
        len(pupils),
        len(ids - pupils - staff),
        len(staff),
        len(reached),
        _names(missing - barred),
        _names(barred),
    )


def _with_an_account(author: Any, adults: Iterable[Any]) -> set[Any]:
    """Whom only the rules keep from reading."""
    found = Person.objects.filter(pk__in={adult for adult in adults if adult}, account__is_active=True)
    return set(found.exclude(account=author).values_list("pk", flat=True))


def _names(pupils: Collection[Any]) -> tuple[str, ...]:
    if not pupils:
        return ()
    rows = Pupil.objects.filter(pk__in=pupils).order_by("person__sort_name", "pk")
    return tuple(f"{first} {last}" for first, last in rows.values_list("person__first_name", "person__birth_name"))


def _children_written_for(codes: Collection[str]) -> list[tuple[Any, Any]]:
    """(pupil, adult) of those whose parents are written to; the adult is empty for a child who has none."""
    by_kind = _by_kind(codes)
    where = Q(school_class__in=by_kind.get("guardians", [])) | Q(school_class__school__in=by_kind.get("families", []))
    in_groups = Enrollment.objects.on().of_groups(by_kind.get("group_guardians", []))
    children = Enrollment.objects.on().filter(Q(where) | Q(pk__in=in_groups.values("pk")))
    adults = _with_adults(children).values_list("pupil", GUARDIAN)
    return [*((pupil, None) for pupil in children.values_list("pupil", flat=True)), *adults]
