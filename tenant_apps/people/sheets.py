"""Whose sheets: the adults and the pupils of a school who have not activated their account."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shared_apps.accounts.sheets import Sheet
from tenant_apps.people.keepers import keepers_of
from tenant_apps.people.models import Enrollment, Guardianship, Person, StaffAssignment
from tenant_apps.schools.models import School

WAITING = Q(account__isnull=False, account__activated_at=None, account__is_active=True)


class Group(models.TextChoices):
    GUARDIANS = "responsables", lazy("Responsables")
    PUPILS = "eleves", lazy("Élèves")
    STAFF = "equipe", lazy("Équipe de l’école")


ALL = "tous"


class Order(models.TextChoices):
    CLASS = "classe", lazy("Par classe, pour les remettre en classe")
    NAME = "nom", lazy("Par nom")
    PROFILE = "profil", lazy("Par profil")


@dataclass(frozen=True, slots=True)
class Count:
    value: str
    label: str
    total: int
    waiting: int  # whose sheet this school prints
    without_address: int  # of those
    elsewhere: int  # who get their code from another school


def counts(school: School) -> list[Count]:
    """Each group, then everybody."""
    return [_count(school, group.value, group.label) for group in Group] + [_count(school, ALL, _("Tout le monde"))]


def _count(school: School, group: str, label: Any) -> Count:
    everybody = _people(school, group, None)
    addresses = dict(everybody.filter(WAITING).values_list("pk", "account__email"))
    mine = [pk for pk, keeper in keepers_of(addresses).items() if keeper == school.pk]
    without = sum(not addresses[pk] for pk in mine)
    return Count(group, label, everybody.count(), len(mine), without, len(addresses) - len(mine))


def waiting(school: School, group: str, class_pk: Any = None) -> list[Person]:
    """Those who have not come in yet, and whose code this school gives."""
    people = list(_people(school, group, class_pk).filter(WAITING).select_related("account"))
    keepers = keepers_of(person.pk for person in people)
    return [person for person in people if keepers[person.pk] == school.pk]


def in_order(school: School, group: str, people: list[Person], order: str = Order.CLASS) -> list[Sheet]:
    """By class then by child, so that a teacher hands them out; by name; or by profile."""
    places: dict[Any, Place] = {}
    for number, one in enumerate(Group):
        for person, place in PLACES[one](school, people).items() if group in (one, ALL) else ():
            places.setdefault(person, replace(place, group=number))
    nowhere = Place("", "", "")
    rank = RANKS[Order(order)]
    ranked = sorted(people, key=lambda person: (*rank(places.get(person.pk, nowhere)), person.sort_name, person.pk))
    return [
        Sheet.of(person.account, school=school.name, detail=places.get(person.pk, nowhere).words) for person in ranked
    ]


def title(school: School, group: str, class_pk: Any) -> str:
    """« CE2 Mme Vidal · Responsables »"""
    label = school.classes.filter(pk=class_pk).values_list("label", flat=True).first() if class_pk else None
    who = _("Tout le monde") if group == ALL else Group(group).label
    return f"{label or _('Toute l’école')} · {who}"


def school_of(person: Person) -> School | None:
    """The one that gives this person's code; none when the town does."""
    return School.objects.filter(pk=keepers_of([person.pk])[person.pk]).first()


def _people(school: School, group: str, class_pk: Any) -> Any:
    if group == ALL:
        every = [_people(school, one, class_pk).values("pk") for one in Group]
        return Person.objects.filter(Q(pk__in=every[0]) | Q(pk__in=every[1]) | Q(pk__in=every[2]))
    enrolled = Enrollment.objects.on().filter(school_class__school=school)
    staff = StaffAssignment.objects.on().filter(school=school)
    if class_pk:
        enrolled, staff = enrolled.filter(school_class=class_pk), staff.filter(school_class=class_pk)
    if group == Group.PUPILS:
        return Person.objects.filter(pupil__in=enrolled.values("pupil"))
    if group == Group.STAFF:
        return Person.objects.filter(pk__in=staff.values("person"))
    links = Guardianship.objects.informed().filter(pupil__in=enrolled.values("pupil"))
    return Person.objects.filter(pk__in=links.values("guardian"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sheet is handed out, and what it says: « pour Inès et Tom, CE2 Mme Vidal »."""

    label: str
    child: str  # sort name
    words: str
    group: int = 0


def _of_guardians(school: School, people: list[Person]) -> dict[Any, Place]:
    """Only the children of this school are named."""
    links = Guardianship.objects.informed().filter(guardian__in=people)
    labels = dict(_enrolled(school).values_list("pupil_id", "school_class__label"))
    children: dict[Any, list[tuple[str, str, str]]] = {}
    for guardian, pupil, first, key in links.values_list(
        "guardian_id", "pupil_id", "pupil__person__first_name", "pupil__person__sort_name"
    ):
        if pupil in labels:
            children.setdefault(guardian, []).append((labels[pupil], key, first))
    return {guardian: _for_children(sorted(found)) for guardian, found in children.items()}


def _for_children(found: list[tuple[str, str, str]]) -> Place:
    label, key, _first = found[0]
    words = _("pour %(names)s, %(label)s") % {"names": _(" et ").join(x[2] for x in found), "label": label}
    return Place(label, key, words)


def _of_pupils(school: School, people: list[Person]) -> dict[Any, Place]:
    enrolled = _enrolled(school).filter(pupil__person__in=people)
    found = enrolled.values_list("pupil__person_id", "school_class__label", "pupil__person__sort_name")
    return {person: Place(label, key, label) for person, label, key in found}


def _of_staff(school: School, people: list[Person]) -> dict[Any, Place]:
    mine = StaffAssignment.objects.on().filter(school=school, person__in=people).select_related("school_class")
    return {a.person_id: Place("", "", str(a.school_class or a.get_role_display().capitalize())) for a in mine}


def _enrolled(school: School) -> Any:
    return Enrollment.objects.on().filter(school_class__school=school)


PLACES: dict[Group, Callable[[School, list[Person]], dict[Any, Place]]] = {
    Group.GUARDIANS: _of_guardians,
    Group.PUPILS: _of_pupils,
    Group.STAFF: _of_staff,
}
RANKS: dict[Order, Callable[[Place], tuple]] = {
    Order.CLASS: lambda place: (place.label, place.group, place.child),
    Order.NAME: lambda place: (),
    Order.PROFILE: lambda place: (place.group, place.label, place.child),
}
