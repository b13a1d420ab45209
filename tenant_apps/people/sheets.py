"""Whose sheets: the adults and the pupils of a school who have not activated their account."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from shared_apps.accounts.sheets import Sheet
from tenant_apps.people.models import Enrollment, Guardianship, Person, StaffAssignment
from tenant_apps.schools.models import School

WAITING = Q(account__isnull=False, account__activated_at=None, account__is_active=True)


def _people(school: School, who: str, class_pk: Any = None) -> Any:
    enrolled = Enrollment.objects.on().filter(school_class__school=school)
    if class_pk:
        enrolled = enrolled.filter(school_class=class_pk)
    if who == "eleves":
        return Person.objects.filter(pupil__in=enrolled.values("pupil"))
    if who == "equipe":
        return Person.objects.filter(pk__in=StaffAssignment.objects.on().filter(school=school).values("person"))
    links = Guardianship.objects.informed().filter(pupil__in=enrolled.values("pupil"))
    return Person.objects.filter(pk__in=links.values("guardian"))


def groups(school: School) -> list[dict[str, Any]]:
    words = {"responsables": _("Responsables"), "eleves": _("Élèves"), "equipe": _("Équipe de l’école")}
    return [
        {
            "key": key,
            "label": label,
            "total": _people(school, key).count(),
            "waiting": _people(school, key).filter(WAITING).count(),
        }
        for key, label in words.items()
    ]


def rows(school: School, *, who: str, class_pk: Any = None) -> list[Sheet]:
    """Sorted by class then by name, so that a teacher hands them out in order."""
    people = _people(school, who, class_pk).filter(WAITING).select_related("account").order_by("sort_name", "pk")
    details = _details(people, who)
    found = [(details.get(person.pk, ""), person) for person in people]
    return [
        Sheet.of(p.account, school=school.name, detail=d)
        for d, p in sorted(found, key=lambda x: (x[0], x[1].sort_name))
    ]


def _details(people: Any, who: str) -> dict[Any, str]:
    """« pour Inès et Tom », « CE2 Mme Vidal »."""
    if who == "responsables":
        names: dict[Any, list[str]] = {}
        links = Guardianship.objects.informed().filter(guardian__in=people)
        for guardian, child in links.order_by("pupil__person__birth_date").values_list(
            "guardian_id", "pupil__person__first_name"
        ):
            names.setdefault(guardian, []).append(child)
        return {pk: _("pour %(names)s") % {"names": _(" et ").join(children)} for pk, children in names.items()}
    if who == "eleves":
        return dict(
            Enrollment.objects.on()
            .filter(pupil__person__in=people)
            .values_list("pupil__person_id", "school_class__label")
        )
    return {}


def school_of(person: Person, schools: list[School]) -> School | None:
    """The one of these schools this person belongs to, as pupil, guardian or staff."""
    enrolled = Enrollment.objects.on().filter(
        Q(pupil__person=person) | Q(pupil__guardianships__guardian=person), school_class__school__in=schools
    )
    found = enrolled.select_related("school_class__school").first()
    if found is not None:
        return found.school_class.school
    staff = StaffAssignment.objects.on().filter(person=person, school__in=schools).select_related("school").first()
    return staff.school if staff else None
