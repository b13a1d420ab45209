"""A small class of Narbonne, enough for a note: call inside a commune."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from shared_apps.accounts.models import User
from tenant_apps.liaison import services
from tenant_apps.liaison.models import LiaisonNote
from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil, StaffAssignment
from tenant_apps.schools.models import School, SchoolClass, SchoolYear

FAMILIES = {
    "Inès": ("Ferrer", ["Sophie", "Karim"]),
    "Noé": ("Cabanel", ["Laure", "Éric"]),
    "Aya": ("Khelifi", ["Samia"]),
}


@dataclass
class ClassRoom:
    """Inès (two guardians, together), Noé (two, apart), Aya (one, with no account yet)."""

    school: School
    school_class: SchoolClass
    teacher: User
    head: User
    pupils: dict[str, Pupil] = field(default_factory=dict)
    guardians: dict[str, User] = field(default_factory=dict)


def account(first: str, last: str, *, activated: bool = True) -> User:
    return User.objects.create(
        identifier=f"{first}.{last}".lower().replace("é", "e").replace("è", "e"),
        first_name=first,
        last_name=last,
        email=f"{first}@example.org".lower(),
        password="!unusable",
        activated_at=timezone.now() if activated else None,
    )


def person(first: str, last: str, *, user: User | None = None, **facts: Any) -> Person:
    return Person.objects.create(first_name=first, birth_name=last, account=user, **facts)


def school_year() -> SchoolYear:
    today = timezone.localdate()
    start = today.year if today.month >= 8 else today.year - 1
    facts = {"starts_on": date(start, 8, 1), "ends_on": date(start + 1, 7, 31)}
    return SchoolYear.objects.get_or_create(label=f"{start}-{start + 1}", defaults=facts)[0]


def next_class(room: ClassRoom, *, label: str = "CM1", prefix: str = "n") -> ClassRoom:
    """Another class of the same school, with a teacher and families of its own; the head has two classes now."""
    school_class = SchoolClass.objects.create(school=room.school, year=school_year(), label=label)
    teacher = account(f"{prefix}Joan", "Pujol")
    StaffAssignment.objects.create(
        person=person("Joan", "Pujol", user=teacher, civility="M."),
        role="teacher",
        school=room.school,
        school_class=school_class,
        starts_on=timezone.localdate() - timedelta(days=60),
    )
    made = ClassRoom(room.school, school_class, teacher, room.head)
    for first, (last, adults) in FAMILIES.items():
        add_family(made, first, last, adults, prefix=prefix)
    return made


def classroom(*, uai: str = "0110357D", label: str = "CE2", prefix: str = "") -> ClassRoom:
    school = School.objects.create(uai=uai, name=f"École Lakanal {uai}", kind=School.Kind.ELEMENTARY)
    school_class = SchoolClass.objects.create(school=school, year=school_year(), label=label)
    started = timezone.localdate() - timedelta(days=60)
    staff = {}
    for role, first, last in (("teacher", "Claire", "Vidal"), ("head", "Martine", "Calas")):
        user = account(prefix + first, last)
        StaffAssignment.objects.create(
            person=person(first, last, user=user, civility="Mme"),
            role=role,
            school=school,
            school_class=school_class if role == "teacher" else None,
            starts_on=started,
        )
        staff[role] = user
    room = ClassRoom(school, school_class, staff["teacher"], staff["head"])
    for first, (last, adults) in FAMILIES.items():
        add_family(room, first, last, adults, prefix=prefix)
    return room


def add_family(room: ClassRoom, first: str, last: str, adults: list[str], *, prefix: str = "") -> None:
    started = timezone.localdate() - timedelta(days=60)
    pupil = Pupil.objects.create(person=person(first, last, birth_date=date(2018, 3, 14)))
    Enrollment.objects.create(pupil=pupil, school_class=room.school_class, grade="CE2", starts_on=started)
    room.pupils[first] = pupil
    for adult in adults:
        user = account(prefix + adult, last, activated=adult != "Samia")
        Guardianship.objects.create(pupil=pupil, guardian=person(adult, last, user=user))
        room.guardians[adult] = user


def note(room: ClassRoom, *, published: bool = False, **fields: Any) -> LiaisonNote:
    defaults = {"title": "Sortie au musée Narbo Via", "body": "Nous travaillons sur les Romains.", "category": "outing"}
    draft = services.save_draft(actor=room.teacher, note=LiaisonNote(**defaults | fields), classes=[room.school_class])
    return services.publish_note(actor=room.teacher, note=draft) if published else draft


def consent(room: ClassRoom, **fields: Any) -> LiaisonNote:
    """A published note that asks for an agreement."""
    due = timezone.localdate() + timedelta(days=3)
    return note(room, published=True, answer="consent", due_on=due, **fields)
