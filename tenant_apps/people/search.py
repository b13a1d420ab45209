"""One box for the staff: names without accents, with typing errors, and where each person found is."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil, StaffAssignment

AT_MOST = 30


@dataclass(frozen=True, slots=True)
class Found:
    """One person, and what the reader may know of why they are here: « CE2, Lakanal », « mère d’Inès »."""

    name: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Answer:
    rows: list[Found]
    is_near: bool  # nobody has this very name: those who nearly have


def may_search(user: Any) -> bool:
    """Who works here today; what they find is another question."""
    return StaffAssignment.objects.of(user).on().exists()


def find(user: Any, text: str) -> Answer:
    """A handful of queries, whatever is found."""
    visible = Person.objects.visible_to(user)
    people = _with_relations(visible.named(text).order_by("sort_name", "pk"), user)
    is_near = not people
    if is_near:
        people = _with_relations(visible.resembling(text), user)
    opened = set(Pupil.objects.families_open_to(user).filter(person__in=people).values_list("pk", flat=True))
    return Answer([_told(person, opened) for person in people], is_near and bool(people))


def _with_relations(people: Any, user: Any) -> list[Person]:
    """Only the links that this reader may know of."""
    enrolled = Enrollment.objects.visible_to(user).select_related("school_class__school")
    charge = Guardianship.objects.visible_to(user).select_related("pupil__person")
    functions = StaffAssignment.objects.visible_to(user).select_related("school", "school_class", "service")
    return list(
        people.select_related("pupil").prefetch_related(
            Prefetch("pupil__enrollments", enrolled, to_attr="known_enrollments"),
            Prefetch("guardianships", charge, to_attr="known_charge"),
            Prefetch("assignments", functions, to_attr="known_functions"),
        )[:AT_MOST]
    )


def _told(person: Person, opened: set[Any]) -> Found:
    pupil = getattr(person, "pupil", None)
    words = [_place(row) for row in pupil.known_enrollments] if pupil else []
    words += [_charge(link) for link in person.known_charge]  # type: ignore[attr-defined]
    words += [_function(row) for row in person.known_functions]  # type: ignore[attr-defined]
    return Found(person.full_name, " · ".join(words), _url(person, pupil, opened))


def _place(row: Enrollment) -> str:
    return f"{row.school_class}, {row.school_class.school}"


def _charge(link: Guardianship) -> str:
    words = {"mother": _("mère de %(child)s"), "father": _("père de %(child)s")}
    told = words.get(link.kinship, _("responsable de %(child)s"))
    return told % {"child": link.pupil.person.full_name}


def _function(row: StaffAssignment) -> str:
    where = [str(place) for place in (row.school_class, row.school, row.service) if place]
    return ", ".join([row.get_role_display(), *where])


def _url(person: Person, pupil: Pupil | None, opened: set[Any]) -> str:
    """Where one may go further; a name alone leads nowhere."""
    if pupil is not None:
        return reverse("people:pupil", args=[pupil.pk]) if pupil.pk in opened else ""
    if person.known_charge:  # type: ignore[attr-defined]
        return reverse("people:guardian", args=[person.pk])
    return ""
