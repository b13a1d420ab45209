"""A town of 2,000 pupils, 80 classes and 2,500 guardians, with weeks of life in the school that is measured."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tests.bench.onde import NARBONNE, schools_of, write_files
from tests.bench.world import World

PUPILS = 2000
DAYS = 40  # school days that the school remembers
IN_THE_BOX = 200  # messages of the guardian


@dataclass(frozen=True, slots=True)
class People:
    teacher: Any
    guardian: Any  # of two children in the school
    school_class: Any
    pupils: list[Any]
    since: date


def settle(world: World, schema: str, folder: Path) -> People:
    """ONDE files of the first schools of Narbonne, then the life of one of them through the services."""
    from core.tenancy import in_schema
    from shared_apps.reference.loading import SHIPPED

    schools, chosen = [], 0
    for one in schools_of(SHIPPED / "ecoles.csv")[NARBONNE]:
        if chosen < PUPILS:
            schools.append(one)
            chosen += one.pupils
    write_files(folder, schools)
    world.run("-m", "tests.bench.town", schema, str(folder))
    lived = max((one for one in schools if one.kind == "elementaire"), key=lambda one: one.pupils)
    with in_schema(schema):
        people = _live(lived.uai)
    _count_rows(schema)
    return people


def _count_rows(schema: str) -> None:
    """What the database does by itself within minutes: a plan made before it supposes small tables."""
    from django.db import connection

    from core.tenancy import in_schema
    from provisioning.sessions import owner

    with owner(), in_schema(schema), connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = %s::regnamespace", [schema])
        for (name,) in cursor.fetchall():
            cursor.execute(f'ANALYZE "{name}"')


def _live(uai: str) -> People:
    from provisioning.demo import homework, news, notes, surveys
    from provisioning.demo.clock import last_school_day, school_days_before
    from provisioning.demo.people import shown_guardian
    from provisioning.demo.seed import days_off
    from tenant_apps.people.models import Enrollment, StaffAssignment
    from tenant_apps.schools.models import School

    off = days_off()
    today = last_school_day(off)
    days = school_days_before(today, DAYS, off)
    school = School.objects.get(uai=uai)
    Enrollment.objects.update(starts_on=days[-1])  # not of the day of the import
    _staff(school, days[-1])
    _activate(school)
    notes.seed(school, days, today)
    homework.seed(school, days)
    news.seed(school, days)
    surveys.seed(school, days)
    guardian = shown_guardian()
    children = Enrollment.objects.on().filter(pupil__guardianships__guardian=guardian)
    school_class = children.order_by("school_class__label")[0].school_class
    teaching = StaffAssignment.objects.on().select_related("person__account").get(school_class=school_class)
    _write(teaching.person.account, guardian.account)
    pupils = list(Enrollment.objects.on().filter(school_class=school_class).values_list("pupil", flat=True))
    return People(teaching.person.account, guardian.account, school_class, pupils, days[-1])


def _write(author: Any, guardian: Any) -> None:
    """A box that is not empty: messages, delivered."""
    from tests.tenant_apps.messages import factories

    for number in range(IN_THE_BOX):
        factories.queued(author, factories.person(guardian), subject=f"Message {number}")
    factories.deliver()


def _staff(school: Any, since: date) -> None:
    """A head, and a teacher in each class."""
    from provisioning.demo.clock import at, moment
    from tenant_apps.people.services import add_staff

    with at(moment(since, 8)):
        head = add_staff(
            actor=None, role="head", school=school, first_name="Martine", last_name="Calas", civility="Mme"
        )
        for number, school_class in enumerate(school.classes.order_by("label")):
            names = {"first_name": "Claire", "last_name": f"Vidal{number}", "civility": "Mme"}
            actor = head.person.account
            add_staff(actor=actor, role="teacher", school=school, school_class=school_class, **names)


def _activate(school: Any) -> None:
    """Staff, pupils, and the guardians of two children at most who are all in this school."""
    from django.db.models import Count, F, Q
    from django.utils import timezone

    from shared_apps.accounts.models import User
    from tenant_apps.people.models import Person

    here = Q(guardianships__pupil__enrollments__school_class__school=school)
    counted = Person.objects.annotate(
        all=Count("guardianships", distinct=True), here=Count("guardianships", filter=here, distinct=True)
    )
    guardians = counted.filter(all__lte=2, here=F("all"), here__gte=1)
    staff = Person.objects.filter(assignments__school=school)
    pupils = Person.objects.filter(pupil__enrollments__school_class__school=school)
    for people in (staff, pupils, guardians):
        User.objects.filter(pk__in=people.values("account")).update(activated_at=timezone.now())
