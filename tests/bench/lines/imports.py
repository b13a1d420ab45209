"""A school of 300 pupils from its ONDE file: read, compared, written."""

import statistics
from typing import Any

from tests.bench import communes
from tests.bench.table import Line, at_most, timed
from tests.bench.world import World

CLASSES = [(f"{grade} {letter}", [(grade, 25)]) for grade in ("CP", "CE1", "CE2", "CM1", "CM2") for letter in "AB"]
CLASSES += [("CM1-CM2 C", [("CM1", 25), ("CM2", 25)])]


def run(world: World) -> list[Line]:
    from core.tenancy import in_schema

    schemas = communes.lay(3)
    pupils, guardians = [], []
    for number, schema in enumerate(schemas):
        with in_schema(schema):
            head, school = _school(number)
            one, two = _import_both(head, school, seed=number + 1)
        pupils.append(one)
        guardians.append(two)
    return [
        at_most("ONDE plan + apply, 300 pupils", statistics.median(pupils) / 1000, "s", 1),
        at_most("same, their guardians", statistics.median(guardians) / 1000, "s", 1),
    ]


def _school(number: int) -> tuple[Any, Any]:
    from datetime import date

    from django.utils import timezone

    from shared_apps.accounts.services import create_account
    from tenant_apps.people.models import Person, StaffAssignment
    from tenant_apps.schools.models import School, SchoolYear

    today = timezone.localdate()
    year = today.year if today.month >= 9 else today.year - 1
    SchoolYear.objects.create(label=f"{year}-{year + 1}", starts_on=date(year, 9, 1), ends_on=date(year + 1, 8, 31))
    school = School.objects.create(uai=f"{number:07}A", name="Lakanal", kind=School.Kind.ELEMENTARY)
    head = create_account(first_name="Martine", last_name="Calas")
    person = Person.objects.create(first_name="Martine", birth_name="Calas", account=head)
    StaffAssignment.objects.create(person=person, role="head", school=school, starts_on=today)
    return head, school


def _import_both(head: Any, school: Any, *, seed: int) -> tuple[float, float]:
    from tenant_apps.imports import services
    from tenant_apps.imports.samples import make_onde

    files = make_onde(CLASSES, seed=seed)

    def load(data: bytes) -> None:
        plan = services.make_plan(actor=head, school=school, file_name="CSVExtraction.csv", data=data)
        services.apply_plan(actor=head, plan=plan)

    return timed(lambda: load(files.pupils)), timed(lambda: load(files.guardians))
