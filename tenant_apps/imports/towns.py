"""Invented ONDE files of all the schools of a town: brothers and sisters in two schools, parents who live apart, twins,
homonyms, accents and particles. For the bench, the demo and the tests; nobody in them exists.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from core.text import slug
from tenant_apps.imports import samples
from tenant_apps.imports.samples import ClassSpec, OndeFiles

GRADES = {
    "maternelle": ("PS", "MS", "GS"),
    "elementaire": ("CP", "CE1", "CE2", "CM1", "CM2"),
    "primaire": ("PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2"),
}
CLASS_SIZE = 24
SIBLING, APART, ALONE, NO_INE, PARTICLE, COMPOUND, NO_MAIL = 0.33, 0.17, 0.2, 0.005, 0.05, 0.12, 0.25
NEIGHBOURS = 60  # homes among which a brother or a sister is looked for, those of the school before included
# A town has more names than a school: endings of the country on roots of the country.
ROOTS, ENDINGS = samples.NAMES["roots"], samples.NAMES["endings"]
BEFORE, AFTER = ("Anne", "Jean", "Marie", "Lou", "Léo"), ("Charlotte", "Lise", "Rose", "Baptiste", "Paul", "Élie")
PARTICLES = ("de ", "d’", "El ", "Ben ", "Da ", "Le ", "La ", "von ")


@dataclass(frozen=True, slots=True)
class TownSchool:
    """A school as the official file counts it."""

    uai: str
    kind: str  # maternelle, elementaire, primaire
    pupils: int


@dataclass(slots=True)
class Child:
    first: str
    sex: str
    born: date
    grade: str
    label: str
    class_id: int
    uai: str
    ine: str


@dataclass(slots=True)
class Adult:
    civility: str
    usage: str
    last: str
    first: str
    address: str
    mail: str
    phone: str


@dataclass(slots=True)
class Home:
    last: str
    address: str
    second: str  # of the other parent, when they live apart
    adults: list[Adult] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)


def make_town(schools: Sequence[TownSchool], seed: int = 1, *, year: int = 2026) -> dict[str, OndeFiles]:
    """UAI → its two files. The same seed gives the same bytes."""
    rng = random.Random(seed)  # noqa: S311  (invented data, the same each time)
    homes: list[Home] = []
    rank = 0
    for school in schools:
        children = _children(rng, school, year, seed, rank)
        rank += len(children)
        _house(rng, children, homes)
    return {school.uai: _files(school, homes) for school in schools}


def classes_of(school: TownSchool) -> list[ClassSpec]:
    """Grades shared out, classes of about 24; two grades in one class where a grade is too small for its own."""
    grades = GRADES[school.kind]
    counts = {grade: school.pupils // len(grades) + (n < school.pupils % len(grades)) for n, grade in enumerate(grades)}
    specs: list[tuple[str, list[tuple[str, int]]]] = []
    for grade, count in counts.items():
        if count < CLASS_SIZE // 2 and specs and sum(n for _grade, n in specs[-1][1]) + count <= CLASS_SIZE + 4:
            specs[-1][1].append((grade, count))
            continue
        rooms = max(1, round(count / CLASS_SIZE))
        sizes = [count // rooms + (n < count % rooms) for n in range(rooms)]
        specs += [(f"{letter}", [(grade, size)]) for letter, size in zip("ABCDEFGHIJ", sizes, strict=False)]
    return [(f"{'-'.join(grade for grade, _n in parts)} {letter}", parts) for letter, parts in specs if parts]


def _children(rng: random.Random, school: TownSchool, year: int, seed: int, rank: int) -> list[Child]:
    found = []
    for position, (label, grades) in enumerate(classes_of(school)):
        for grade, count in grades:
            for _turn in range(count):
                sex = rng.choice("FM")
                born = date(year - samples.AGE[grade], 1, 1) + timedelta(days=rng.randrange(365))
                number = rank + len(found)
                ine = f"{seed % 10_000:04}{number:05}{samples.LETTERS[number % 20]}T"
                ine = "" if rng.random() < NO_INE else ine
                found.append(Child(_first(rng, sex), sex, born, grade, label, 900001 + position, school.uai, ine))
    rng.shuffle(found)
    return found


def _first(rng: random.Random, sex: str) -> str:
    if rng.random() < COMPOUND:
        return f"{rng.choice(BEFORE)}-{rng.choice(AFTER)}"
    return rng.choice(samples.GIRLS if sex == "F" else samples.BOYS)


def _last(rng: random.Random) -> str:
    if rng.random() < 0.3:
        return rng.choice(samples.LAST_NAMES)
    name = rng.choice(ROOTS) + rng.choice(ENDINGS)
    return f"{rng.choice(PARTICLES)}{name}" if rng.random() < PARTICLE else name


def _house(rng: random.Random, children: list[Child], homes: list[Home]) -> None:
    """One child in three has a brother or a sister, here or in a school of the town; some are twins."""
    for child in children:
        home = rng.choice(homes[-NEIGHBOURS:]) if homes and rng.random() < SIBLING else None
        if home is None or len(home.children) > 3 or any(c.first == child.first for c in home.children):
            home = _home(rng)
            homes.append(home)
        twin = next((c for c in home.children if (c.grade, c.uai) == (child.grade, child.uai)), None)
        if twin is not None:
            child.born, child.label, child.class_id = twin.born, twin.label, twin.class_id
        home.children.append(child)


def _home(rng: random.Random) -> Home:
    home = Home(_last(rng), _address(rng), _address(rng) if rng.random() < APART else "")
    born = _last(rng) if rng.random() < 0.6 else home.last
    usage = home.last if born != home.last and rng.random() < 0.5 else ""
    home.adults.append(_adult(rng, "MME", usage, born, rng.choice(samples.MOTHERS), home.address))
    if home.second or rng.random() >= ALONE:
        home.adults.append(_adult(rng, "M.", "", home.last, rng.choice(samples.FATHERS), home.second or home.address))
    return home


def _adult(rng: random.Random, civility: str, usage: str, last: str, first: str, address: str) -> Adult:
    number = rng.randrange(10_000_000, 99_999_999)
    mail = f"{slug(first)}.{slug(usage or last)[:30]}{number % 9973}@example.org"
    return Adult(civility, usage, last, first, address, mail if rng.random() > NO_MAIL else "", f"06{number}")


def _address(rng: random.Random) -> str:
    return f"{rng.randrange(1, 190)} {rng.choice(samples.STREETS)}"


def _files(school: TownSchool, homes: list[Home]) -> OndeFiles:
    here = [(home, kids) for home in homes if (kids := [c for c in home.children if c.uai == school.uai])]
    pupils = [(c.label, home.last, _pupil(c, home)) for home, kids in here for c in kids]
    widest = max((len(kids) for _home, kids in here), default=0)
    adults = [_guardian(adult, home, kids) for home, kids in here for adult in home.adults]
    return OndeFiles(
        samples.encode(samples.PUPIL_HEADERS, [text for *_key, text in sorted(pupils)]),
        samples.encode(samples.GUARDIAN_HEADERS + samples.CHILD_HEADERS * widest, adults),
    )


def _pupil(child: Child, home: Home) -> str:
    second = (home.second, *samples.PLACE) if home.second else ("", "", "", "")
    cells = [
        home.last.upper(), "", child.first, child.born.isoformat(), child.sex, child.ine, home.address, *samples.PLACE,
        *second, samples.CYCLES[child.grade], child.grade, child.label, str(child.class_id), "Oui", "Non", "Oui", "",
    ]  # fmt: skip
    return ";".join(cells)


def _guardian(adult: Adult, home: Home, kids: list[Child]) -> str:
    cells = [
        adult.civility, adult.usage.upper(), adult.last.upper(), adult.first, adult.address, *samples.PLACE,
        adult.mail, "", "", adult.phone,
    ]  # fmt: skip
    for child in kids:
        cells += ["", home.last.upper(), child.first, child.label]
    return ";".join(cells)
