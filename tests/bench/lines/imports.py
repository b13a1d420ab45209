"""ONDE files: a school, a town of thirty schools in one run, the whole académie commune by commune.

« pupils/s »: the pupils whose two files (élèves, responsables) were read, compared, written and committed, by the
second; so a pupil counts with its guardians, their accounts and their links.
"""

import json
import statistics
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.bench import communes, ordinary
from tests.bench.table import Line, at_most, timed
from tests.bench.world import World

CLASSES = [(f"{grade} {letter}", [(grade, 25)]) for grade in ("CP", "CE1", "CE2", "CM1", "CM2") for letter in "AB"]
CLASSES += [("CM1-CM2 C", [("CM1", 25), ("CM2", 25)])]
NARBONNE = "11262"
RATE = 1000  # pupils/s


def run(world: World) -> list[Line]:
    return [*_a_school(), *_a_town(world), _the_academie(world)]


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

    schools = list(_schools_of(SHIPPED / "ecoles.csv").get(NARBONNE, []))
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
        _write_files(Path(folder), schools)
        return json.loads(world.run("-m", "tests.bench.town", schema, folder).splitlines()[-1])


def _the_academie(world: World) -> Line:
    """Each commune that has a public school, one after the other; files are made apart from what is timed."""
    from core.tenancy import each_commune
    from tests.shared_apps.reference import official

    with tempfile.TemporaryDirectory() as folder:
        towns = sorted(_schools_of(official.folder(Path(folder)) / official.SCHOOLS).items())
    towns = towns[:: world.size(1, 20)]
    schemas = communes.lay(6 + len(towns))[6:]
    seconds, pupils = 0.0, 0
    for schema, (_insee, schools) in zip(each_commune(schemas), towns, strict=True):
        seconds += _timed_town(schema, schools)
        pupils += sum(school.pupils for school in schools)
    share = "" if world.size(1, 20) == 1 else " (one in twenty)"
    name = f"ONDE, public schools of the académie{share}: {len(towns)} communes, {pupils} pupils and their guardians"
    rate = pupils / seconds
    return Line(name, rate, "pupils/s", f"≥ {RATE} pupils/s", rate >= RATE)


def _timed_town(schema: str, schools: list[Any]) -> float:
    from core.tenancy import in_schema
    from tenant_apps.imports.folders import import_folder
    from tests.bench.town import prepare

    with tempfile.TemporaryDirectory() as folder, in_schema(schema):
        prepare(_write_files(Path(folder), schools))
        return timed(lambda: import_folder(Path(folder))) / 1000


def _write_files(folder: Path, schools: list[Any]) -> list[str]:
    from tenant_apps.imports.towns import make_town

    made = make_town(schools)
    for uai, files in made.items():
        (folder / f"{uai}-eleves.csv").write_bytes(files.pupils)
        (folder / f"{uai}-responsables.csv").write_bytes(files.guardians)
    return list(made)


def _schools_of(path: Path) -> dict[str, list[Any]]:
    """INSEE → public schools with pupils."""
    from tenant_apps.imports.towns import GRADES, TownSchool
    from tests.shared_apps.reference import official

    found: dict[str, list[Any]] = defaultdict(list)
    for row in official.rows(path):
        count = int(row["nombre_eleves"] or 0)
        if row["secteur"] == "public" and row["type"] in GRADES and count:
            found[row["code_insee"]].append(TownSchool(row["uai"], row["type"], count))
    return found


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
