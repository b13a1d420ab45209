"""Three schools of Narbonne (and one of each other commune) with their classes, families and staff."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from provisioning.demo import pupil_access
from provisioning.demo.clock import at, moment
from provisioning.demo.doors import accept_charters, hand_out
from shared_apps.accounts.models import User
from tenant_apps.imports import services as imports
from tenant_apps.imports.samples import ClassSpec, make_onde
from tenant_apps.people import services
from tenant_apps.people.models import Guardianship, Person, StaffAssignment
from tenant_apps.schools.models import School

Role = StaffAssignment.Role


@dataclass(frozen=True, slots=True)
class Plan:
    """A school of the demo: its classes, and who teaches them in the same order."""

    uai: str
    classes: Sequence[ClassSpec]
    teachers: Sequence[tuple[str, str, str]]  # civility, first name, last name


LAKANAL = Plan(
    "0110427E",
    (
        ("CP M. Sabatier", [("CP", 22)]),
        ("CE1 Mme Lopez", [("CE1", 24)]),
        ("CE2 Mme Vidal", [("CE2", 25)]),
        ("CM1 Mme Roux", [("CM1", 24)]),
        ("CM1-CM2 M. Pujol", [("CM1", 8), ("CM2", 15)]),
    ),
    (
        ("M.", "Antoine", "Sabatier"),
        ("Mme", "Inês", "Lopez"),
        ("Mme", "Claire", "Vidal"),
        ("Mme", "Agnès", "Roux"),
        ("M.", "Joan", "Pujol"),
    ),
)
ARAGO = Plan(
    "0110429G",
    (
        ("CP-CE1 Mme Teisseire", [("CP", 12), ("CE1", 11)]),
        ("CE2 M. Alary", [("CE2", 26)]),
        ("CM2 Mme de Montferrand", [("CM2", 27)]),
    ),
    (("Mme", "Odile", "Teisseire"), ("M.", "Yves", "Alary"), ("Mme", "Marie-Charlotte", "de Montferrand-Lapeyrouse")),
)
# Mistral and Miquel give the two other communes a life of their own.
MISTRAL = Plan("0110357D", (("CE1-CE2 Mme Azéma", [("CE1", 10), ("CE2", 12)]),), (("Mme", "Lucie", "Azéma"),))
MIQUEL = Plan("0110247J", (("CM1 M. Peyre", [("CM1", 21)]),), (("M.", "Guilhem", "Peyre"),))
NURSERY = Plan(
    "0110440U",
    (("PS-MS Mme Roca", [("PS", 11), ("MS", 12)]), ("GS Mme Maury", [("GS", 24)])),
    (("Mme", "Núria", "Roca"), ("Mme", "Hélène", "Maury")),
)
ACTIVATED = 0.78  # of the guardians


def seed(plan: Plan, school_days: list[date], year: int) -> School | None:
    """Safe to repeat: a school with classes is left as it is."""
    school = School.objects.filter(uai=plan.uai).first()
    if school is None:
        return None
    if not school.classes.exists():
        with at(moment(school_days[-1], 8)):
            head = _head(school)
            _import(head, school, plan, year)
            _teachers(head, school, plan)
            _activate(school, random.Random(plan.uai))  # noqa: S311  (invented data)
            hand_out(head, school)
    pupil_access.seed(school)
    return school


def _head(school: School) -> User:
    """The one that the opening gave an account; a school without one gets hers here."""
    heading = StaffAssignment.objects.on().filter(role=Role.HEAD, school=school).select_related("person__account")
    assignment = heading.first()
    if assignment is None:
        names = {"first_name": "Solange", "last_name": "Cathala", "civility": "Mme"}
        assignment = services.add_staff(actor=None, role=Role.HEAD, school=school, **names)
    return assignment.person.account


def _import(head: User, school: School, plan: Plan, year: int) -> None:
    """As the head does it: the pupils, then the families."""
    files = make_onde(plan.classes, seed=int(plan.uai[:7]) % 997, year=year)
    for name, data in (("eleves", files.pupils), ("responsables", files.guardians)):
        made = imports.make_plan(actor=head, school=school, file_name=f"CSVExtraction-{name}.csv", data=data)
        imports.apply_plan(actor=head, plan=made)


def _teachers(head: User, school: School, plan: Plan) -> None:
    for (label, _grades), (civility, first, last) in zip(plan.classes, plan.teachers, strict=True):
        names = {"first_name": first, "last_name": last, "civility": civility}
        school_class = school.classes.get(label=label)
        services.add_staff(actor=head, role=Role.TEACHER, school=school, school_class=school_class, **names)


def _activate(school: School, rng: random.Random) -> None:
    """All the staff and pupils, most guardians. Not one by one by the form: 400 passwords take a minute to hash."""
    staff = Person.objects.filter(assignments__school=school)
    pupils = Person.objects.filter(pupil__enrollments__school_class__school=school)
    links = Guardianship.objects.filter(pupil__enrollments__school_class__school=school)
    adults = dict.fromkeys(links.order_by("guardian__account__identifier").values_list("guardian__account", flat=True))
    chosen = [pk for pk in adults if rng.random() < ACTIVATED]
    for accounts in (staff.values("account"), pupils.values("account"), chosen):
        User.objects.filter(pk__in=accounts, activated_at=None).update(activated_at=timezone.now())
    accept_charters()
