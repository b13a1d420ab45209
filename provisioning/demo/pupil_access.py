"""Young classes come in with pictures or cards: one is open, with children inside and one in trouble."""

from typing import Any

from tenant_apps.people.models import Enrollment, StaffAssignment
from tenant_apps.pupil_access import secrets_of, services
from tenant_apps.pupil_access.models import ClassDoor, PupilKey, Way
from tenant_apps.schools.models import School, SchoolClass

INSIDE = 3
OPENS = "CP"  # the grade of the class that one finds open
LONGEST = "90"


def seed(school: School) -> None:
    """Safe to repeat: a school whose doors are known is left as it is."""
    if ClassDoor.objects.filter(school_class__school=school).exists():
        return
    for school_class in school.classes.current():
        services.ensure_keys(school_class)
    young = _class_of(school, OPENS)
    teacher = _teacher_of(young)
    if young is None or teacher is None:
        return
    services.choose_way(actor=teacher, school_class=young, way=Way.PICTURES)
    services.open_class(actor=teacher, school_class=young, duration=LONGEST)
    keys = list(PupilKey.objects.usable().in_class(young).select_related("pupil__person").order_by("pk"))
    for key in keys[:INSIDE]:
        services.enter_by_card(code=secrets_of.card_of(key))
    if len(keys) > INSIDE:
        services.ask_for_help(key=keys[INSIDE])


def _class_of(school: School, grade: str) -> SchoolClass | None:
    enrolled = Enrollment.objects.on().filter(grade=grade, school_class__school=school)
    found = enrolled.select_related("school_class").order_by("school_class__label").first()
    return found.school_class if found else None


def _teacher_of(school_class: SchoolClass | None) -> Any:
    found = StaffAssignment.objects.on().teaching().filter(school_class=school_class).select_related("person__account")
    assignment = found.first()
    return assignment.person.account if assignment else None
