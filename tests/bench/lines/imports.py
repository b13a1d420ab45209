"""ONDE files: a school, a town of thirty schools in one run, the whole académie commune by commune.

« pupils/s »: the pupils whose two files (élèves, responsables) were read, compared, written and committed, by the
second; so a pupil counts with its guardians, their accounts and their links.
"""

import json
import statistics
import tempfile
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any

from tests.bench import communes, ordinary
from tests.bench.onde import NARBONNE, schools_of, write_files
from tests.bench.table import Line, at_most, fact, timed
from tests.bench.world import World

CLASSES = [(f"{grade} {letter}", [(grade, 25)]) for grade in ("CP", "CE1", "CE2", "CM1", "CM2") for letter in "AB"]
CLASSES += [("CM1-CM2 C", [("CM1", 25), ("CM2", 25)])]
RATE = 1000  # pupils/s


def run(world: World) -> list[Line]:
    return [*_a_school(), *_a_town(world), *_the_academie(world)]


def _a_school() -> list[Line]:
    from core.tenancy import in_schema

    pupils, guardians = [], []
    for number, schema in enumerate(communes.lay(3)):
        with in_schema(schema):
            head, school = _school(number)
            one, two = _import_both(head, school, seed=number + 1)
        pupils.append(one)
        guardians.append(two)
    return [
        at_most("ONDE plan + apply, 300 pupils", statistics.median(pupils) / 1000, "s", 1),
        at_most("same, their guardians", statistics.median(guardians) / 1000, "s", 1),
    ]


def _a_town(world: World) -> list[Line]:
    """Narbonne's thirty public schools, then ten of them, each in a process and a commune of its own."""
    from shared_apps.reference.loading import SHIPPED

    schools = list(schools_of(SHIPPED / "ecoles.csv").get(NARBONNE, []))
    ten, thirty, alone = communes.lay(6)[3:]
    small = _in_a_process(world, ten, schools[:10])
    whole = _in_a_process(world, thirty, schools)
    one = max(schools, key=lambda school: school.pupils)
    plain = ordinary.rate(alone, one)
    ratio = whole["rate"] / plain
    name = f"ONDE, {len(schools)} schools of a town in one run, {whole['pupils']} pupils and their guardians"
    memory = whole["peak"] / small["peak"]
    return [
        Line(name, whole["rate"], "pupils/s", f"≥ {RATE} pupils/s", whole["rate"] >= RATE, plain, ratio),
        Line(
            "same, peak memory of 30 schools against 10",
            whole["peak"],
            "MB",
            "≤ 1.2 ×",
            memory <= 1.2,
            small["peak"],
            memory,
        ),
    ]


def _in_a_process(world: World, schema: str, schools: list[Any]) -> dict[str, float]:
    with tempfile.TemporaryDirectory(dir=world.folder) as folder:
        write_files(Path(folder), schools)
        done = _load(world, schema, folder)
        return {**done, "rate": done["pupils"] / (done["ended"] - done["begun"])}


def _load(world: World, *places: str) -> dict[str, float]:
    return json.loads(world.run("-m", "tests.bench.town", *places).splitlines()[-1])


def _the_academie(world: World) -> list[Line]:
    """Each commune that has a public school, shared out between the two workers of an installation; then fewer of
    them by one worker. Files are made before.
    """
    from tests.shared_apps.reference import official

    with tempfile.TemporaryDirectory() as folder:
        towns = sorted(schools_of(official.folder(Path(folder)) / official.SCHOOLS).items())
    towns = [schools for _insee, schools in towns[:: world.size(1, 20)]]
    one, two = towns[:: world.size(20, 2)], towns
    schemas = communes.lay(6 + len(one) + len(two))[6:]
    alone = _by_workers(world, schemas[: len(one)], one, workers=1)
    rate = _by_workers(world, schemas[len(one) :], two, workers=2)
    share = "" if world.size(1, 20) == 1 else " (one in twenty)"
    pupils = sum(school.pupils for schools in two for school in schools)
    name = f"ONDE, public schools of the académie{share}, two workers: {len(two)} communes, {pupils} pupils"
    return [
        Line(f"{name} and their guardians", rate, "pupils/s", f"≥ {RATE} pupils/s", rate >= RATE),
        fact(f"same, one worker, {len(one)} communes", alone, "pupils/s"),
    ]


def _by_workers(world: World, schemas: list[str], towns: list[list[Any]], *, workers: int) -> float:
    """Pupils per second, from the first file opened to the last commit."""
    with tempfile.TemporaryDirectory(dir=world.folder) as folder, ThreadPoolExecutor(workers) as pool:
        places = []
        for schema, schools in zip(schemas, towns, strict=True):
            (Path(folder) / schema).mkdir()
            write_files(Path(folder) / schema, schools)
            places.append((schema, f"{folder}/{schema}"))
        shares = [chain.from_iterable(places[first::workers]) for first in range(workers)]
        done = list(pool.map(lambda share: _load(world, *share), shares))
    seconds = max(one["ended"] for one in done) - min(one["begun"] for one in done)
    return sum(one["pupils"] for one in done) / seconds


def _school(number: int) -> tuple[Any, Any]:
    from django.utils import timezone

    from shared_apps.accounts.services import create_account
    from tenant_apps.people.models import Person, StaffAssignment
    from tests.bench.town import prepare

    uai = f"{number:07}A"
    school = prepare([uai])[uai]
    head = create_account(first_name="Martine", last_name="Calas")
    person = Person.objects.create(first_name="Martine", birth_name="Calas", account=head)
    StaffAssignment.objects.create(person=person, role="head", school=school, starts_on=timezone.localdate())
    return head, school


def _import_both(head: Any, school: Any, *, seed: int) -> tuple[float, float]:
    from tenant_apps.imports import services
    from tenant_apps.imports.samples import make_onde

    files = make_onde(CLASSES, seed=seed)

    def load(data: bytes) -> None:
        plan = services.make_plan(actor=head, school=school, file_name="CSVExtraction.csv", data=data)
        services.apply_plan(actor=head, plan=plan)

    return timed(lambda: load(files.pupils)), timed(lambda: load(files.guardians))
