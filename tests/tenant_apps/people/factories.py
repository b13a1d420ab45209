"""Two schools of one commune, with every kind of relation: call inside a commune.

Lakanal: CE2 (Mme Vidal, an AESH), CM1 (M. Pujol, replaced today by Mme Roux). Arago: CM2 (Mme Teisseire).
Inès (CE2) and Tom (Arago) are Sophie's; Karim is Inès's father, without the parental authority. Noé (CM1) is Laure's.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from shared_apps.accounts.models import User
from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil, StaffAssignment
from tenant_apps.people.roles import Role
from tenant_apps.schools.models import School, SchoolClass, SchoolYear
from tests.support.people import account


@dataclass
class Town:
    schools: dict[str, School] = field(default_factory=dict)
    classes: dict[str, SchoolClass] = field(default_factory=dict)
    pupils: dict[str, Pupil] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def user(self, name: str) -> User:
        account = self.people[name].account
        assert account is not None
        return account

    def link(self, pupil: str, guardian: str) -> Guardianship:
        return Guardianship.objects.get(pupil=self.pupils[pupil], guardian=self.people[guardian])


def school_year(day: date | None = None) -> SchoolYear:
    day = day or timezone.localdate()
    start = day.year if day.month >= 9 else day.year - 1
    facts = {"starts_on": date(start, 9, 1), "ends_on": date(start + 1, 8, 31)}
    return SchoolYear.objects.get_or_create(label=f"{start}-{start + 1}", defaults=facts)[0]


def person(first: str, last: str, *, activated: bool = True, **facts: Any) -> Person:
    at = timezone.now() if activated else None
    identifier = f"{first}.{last}".lower().replace("è", "e").replace("é", "e").replace(" ", "-")
    until = timezone.now() + timedelta(days=14)
    user = account(identifier, first_name=first, last_name=last, activated_at=at, code_expires_at=until)
    return Person.objects.create(first_name=first, birth_name=last, account=user, **facts)


def town() -> Town:
    made = Town()
    for name, uai in (("Lakanal", "0110427E"), ("Arago", "0110429G")):
        made.schools[name] = School.objects.create(uai=uai, name=name, kind=School.Kind.ELEMENTARY)
    for label, school in (("CE2", "Lakanal"), ("CM1", "Lakanal"), ("CM2", "Arago")):
        made.classes[label] = SchoolClass.objects.create(school=made.schools[school], label=label, year=school_year())
    for first, last, label in (("Inès", "Ferrer", "CE2"), ("Noé", "Cabanel", "CM1"), ("Tom", "Ferrer", "CM2")):
        add_pupil(made, first, last, label)
    for adult, last, children in (
        ("Sophie", "Ferrer", ("Inès", "Tom")),
        ("Karim", "Ferrer", ("Inès",)),
        ("Laure", "Cabanel", ("Noé",)),
    ):
        add_guardian(made, adult, last, children, has_parental_authority=adult != "Karim")
    _staff(made)
    return made


def add_pupil(made: Town, first: str, last: str, label: str, *, activated: bool = True) -> Pupil:
    made.people[first] = person(first, last, birth_date=date(2018, 3, 14), activated=activated)
    pupil = made.pupils[first] = Pupil.objects.create(person=made.people[first])
    enroll(pupil, made.classes[label])
    return pupil


def enroll(pupil: Pupil, school_class: SchoolClass) -> Enrollment:
    return Enrollment.objects.create(pupil=pupil, school_class=school_class, grade="CE2", starts_on=days_ago(60))


def add_guardian(
    made: Town, first: str, last: str, children: tuple[str, ...], *, activated: bool = True, **facts: Any
) -> Person:
    made.people[first] = person(first, last, activated=activated)
    for child in children:
        Guardianship.objects.create(pupil=made.pupils[child], guardian=made.people[first], **facts)
    return made.people[first]


def assign(made: Town, name: str, role: str, school: str = "", label: str = "", **dates: Any) -> StaffAssignment:
    return StaffAssignment.objects.create(
        person=made.people[name],
        role=role,
        school=made.schools.get(school),
        school_class=made.classes.get(label),
        **({"starts_on": days_ago(60)} | dates),
    )


def days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def _staff(made: Town) -> None:
    for name, last, role, school, label in (
        ("Martine", "Calas", Role.HEAD, "Lakanal", ""),
        ("Claire", "Vidal", Role.TEACHER, "Lakanal", "CE2"),
        ("Joan", "Pujol", Role.TEACHER, "Lakanal", "CM1"),
        ("Agnès", "Roux", Role.SUBSTITUTE, "Lakanal", "CM1"),
        ("Paul", "Peyre", Role.SUPPORT_ASSISTANT, "Lakanal", "CE2"),
        ("Solange", "Cathala", Role.HEAD, "Arago", ""),
        ("Odile", "Teisseire", Role.TEACHER, "Arago", "CM2"),
        ("Aline", "Roca", Role.NURSERY_ASSISTANT, "Lakanal", "CE2"),
        ("Rachid", "Amrani", Role.CANTEEN_AGENT, "Lakanal", ""),
        ("Jean", "Mairie", Role.SCHOOL_SERVICE, "", ""),
        ("Élu", "Maire", Role.ELECTED, "Lakanal", ""),
    ):
        made.people[name] = person(name, last, civility="Mme" if name[-1] in "eès" else "M.")
        ends = {"ends_on": days_ago(-30)} if role == Role.SUBSTITUTE else {}
        assign(made, name, role, school, label, **ends)
