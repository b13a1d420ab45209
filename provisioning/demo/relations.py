"""What no file of ONDE tells: shared classes, a replacement, units, two homes, the gate, the town's agents."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from provisioning.demo.clock import at, moment
from shared_apps.accounts.models import User
from tenant_apps.people import services
from tenant_apps.people.models import Enrollment, Guardianship, Person, PickupPerson, Service, StaffAssignment
from tenant_apps.schools.models import School, SchoolClass

Role = StaffAssignment.Role
Kind = Service.Kind
SERVICES = {
    "Affaires scolaires": Kind.SCHOOL_SERVICE,
    "Restauration scolaire": Kind.CANTEEN,
    "Accueil périscolaire": Kind.CHILDCARE,
    "Sports et éducation": Kind.SPORT,
}
# civility, first and last name, role, service
AGENTS = (
    ("M.", "Rachid", "Amrani", Role.CANTEEN_AGENT, "Restauration scolaire"),
    ("Mme", "Jocelyne", "Puig", Role.CANTEEN_AGENT, "Restauration scolaire"),
    ("Mme", "Inaya", "Ferrand", Role.ACTIVITY_LEADER, "Accueil périscolaire"),
    ("M.", "Théo", "Castagné", Role.ACTIVITY_LEADER, "Accueil périscolaire"),
    ("M.", "Bastien", "Rouquier", Role.ACTIVITY_LEADER, "Sports et éducation"),
)
PICKUPS = (
    ("Ginette Pradal", "grand-mère", "06 39 98 41 07"),
    ("Samir Haddou", "oncle", "06 39 98 22 64"),
    ("Chloé Vergnes", "assistante maternelle", "06 39 98 73 15"),
)


def seed(school: School, school_days: list[date], today: date) -> None:
    """Safe to repeat. On the first day for what lasts all the year, a few days ago for the replacement."""
    if PickupPerson.objects.filter(pupil__enrollments__school_class__school=school).exists():
        return
    head = StaffAssignment.objects.on().heading().filter(school=school).get().person.account
    labels = {one.label.split()[0]: one for one in school.classes.current()}
    with at(moment(school_days[-1], 10)):
        _shared_class(head, labels["CE1"])
        _units(head, labels["CM1"])
        _families(head, labels["CE2"])
    with at(moment(school_days[min(4, len(school_days) - 1)], 8)):
        _replacement(head, labels["CM1"], until=today + timedelta(days=21))
    _town(school)


def two_roles(parents_school: School, other: School) -> None:
    """A mother of one school is an AESH in another: one account."""
    links = Guardianship.objects.informed().filter(guardian__account__activated_at__isnull=False)
    mothers = links.filter(pupil__enrollments__school_class__school=parents_school, guardian__assignments=None)
    link = mothers.filter(kinship=Guardianship.Kinship.MOTHER).first() or mothers.first()
    if link is None or StaffAssignment.objects.filter(role=Role.SUPPORT_ASSISTANT, school=other).exists():
        return
    head = StaffAssignment.objects.on().heading().filter(school=other).get().person.account
    where = {"role": Role.SUPPORT_ASSISTANT, "school": other, "school_class": other.classes.current().first()}
    services.assign_staff(actor=head, person=link.guardian, **where)


def _shared_class(head: User, school_class: SchoolClass) -> None:
    """Four days for one, Fridays for the other."""
    now = StaffAssignment.objects.on().teaching().filter(school_class=school_class).get()
    services.end_assignment(actor=head, assignment=now)
    where = {"role": Role.TEACHER, "school": school_class.school, "school_class": school_class}
    services.assign_staff(actor=head, person=now.person, weekdays="124", **where)
    names = {"civility": "M.", "first_name": "Maxime", "last_name": "Barthès"}
    _activate(services.add_staff(actor=head, weekdays="5", **names, **where).person)


def _replacement(head: User, school_class: SchoolClass, *, until: date) -> None:
    names = {"civility": "M.", "first_name": "Hugo", "last_name": "Bonnafous"}
    where = {"role": Role.SUBSTITUTE, "school": school_class.school, "school_class": school_class, "ends_on": until}
    _activate(services.add_staff(actor=head, **names, **where).person)


def _units(head: User, school_class: SchoolClass) -> None:
    units = (Enrollment.Unit.ULIS, Enrollment.Unit.ULIS, Enrollment.Unit.UPE2A)
    rows = Enrollment.objects.on().filter(school_class=school_class).select_related("pupil").order_by("pk")
    for row, unit in zip(rows, units, strict=False):
        place = {"school_class": school_class, "grade": row.grade, "unit": unit}
        services.change_class(actor=head, pupil=row.pupil, on=row.starts_on, **place)
    names = {"civility": "Mme", "first_name": "Sabrina", "last_name": "Mercadier"}
    where = {"role": Role.SUPPORT_ASSISTANT, "school": school_class.school, "school_class": school_class}
    assistant = services.add_staff(actor=head, **names, **where).person
    _activate(assistant)
    for row in rows[:2]:
        services.add_support(actor=head, pupil=row.pupil, person=assistant)


def _families(head: User, school_class: SchoolClass) -> None:
    """A parent without the authority, who pays all the same; paper plans; a grandmother at the gate."""
    rows = Enrollment.objects.on().filter(school_class=school_class).select_related("pupil__person").order_by("pk")
    pupils = [row.pupil for row in rows]
    for pupil, (name, relation, phone) in zip(pupils, PICKUPS, strict=False):
        services.add_pickup(actor=head, pupil=pupil, name=name, relation=relation, phone=phone)
    for pupil in pupils[2:4]:
        services.change_pupil(actor=head, pupil=pupil, has_pai=True)
    apart = Guardianship.objects.current().filter(pupil__in=pupils, is_home=False, contact_order=2).first()
    if apart is not None:
        services.change_guardianship(actor=head, guardianship=apart, has_parental_authority=False, is_payer=True)


def _town(school: School) -> None:
    """By an officer of the school service, as on the page of the agents."""
    officers = StaffAssignment.objects.on().for_the_whole_commune().filter(person__account__isnull=False)
    officer = officers.select_related("person__account").first()
    actor: Any = officer.person.account if officer else None
    made = {
        name: Service.objects.filter(name=name).first() or services.add_service(actor=actor, name=name, kind=kind)
        for name, kind in SERVICES.items()
    }
    for civility, first, last, role, service in AGENTS:
        names = {"civility": civility, "first_name": first, "last_name": last}
        row = services.add_staff(actor=actor, role=role, school=school, service=made[service], **names)
        _activate(row.person)


def _activate(person: Person) -> None:
    User.objects.filter(pk=person.account_id, activated_at=None).update(activated_at=timezone.now())
