"""Invented ONDE files that look like those of a school of Narbonne: for the demo, the bench and the tests.

Nobody in them exists. The same seed gives the same bytes.
"""

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from core.text import slug

CYCLES = dict.fromkeys(("TPS", "PS", "MS", "GS"), "MATERNELLE")
CYCLES |= dict.fromkeys(("CP", "CE1", "CE2"), "CYCLE II") | dict.fromkeys(("CM1", "CM2"), "CYCLE III")
AGE = {"TPS": 2, "PS": 3, "MS": 4, "GS": 5, "CP": 6, "CE1": 7, "CE2": 8, "CM1": 9, "CM2": 10}
NAMES = {
    key: [" ".join(name.split()) for name in text.split("|")]
    for key, text in tomllib.loads((Path(__file__).parent / "data/names.toml").read_text()).items()
}
LAST_NAMES, GIRLS, BOYS = NAMES["last_names"], NAMES["girls"], NAMES["boys"]
MOTHERS, FATHERS, STREETS = NAMES["mothers"], NAMES["fathers"], NAMES["streets"]
PLACE = ("11100", "NARBONNE", "FRANCE")
LETTERS = "ABCDEFGHJKLMNPRSTUVW"
LONG_NAME = "de Montferrand-Lapeyrouse d’Aigues-Vives"

PUPIL_HEADERS = (
    "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE;Adresse1;Cp1;Commune1;Pays1;Adresse2;Cp2;"
    "Commune2;Pays2; Cycle;Niveau;Libellé classe;Identifiant classe;Attestation fournie;Autorisation associations;"
    "Autorisation photo;Décision de passage"
)
GUARDIAN_HEADERS = (
    "Civilité Responsable;Nom usage responsable;Nom responsable;Prénom responsable;Adresse responsable;CP responsable;"
    "Commune responsable;Pays;Courriel;Téléphone domicile;Téléphone travail;Téléphone portable"
)
CHILD_HEADERS = ";Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants"

ClassSpec = tuple[str, Sequence[tuple[str, int]]]  # label, [(grade, how many)]


@dataclass(frozen=True, slots=True)
class OndeFiles:
    pupils: bytes
    guardians: bytes


@dataclass(slots=True)
class _Child:
    last: str
    first: str
    sex: str
    born: date
    grade: str
    label: str
    class_id: int
    ine: str = ""


@dataclass(slots=True)
class _Family:
    last: str
    address: str
    second: str = ""  # of the other parent, when they live apart
    children: list[_Child] = field(default_factory=list)


def make_onde(classes: Sequence[ClassSpec], seed: int = 1, *, year: int = 2026) -> OndeFiles:
    """`classes`: [("CE1-CE2 Mme Vidal", [("CE1", 12), ("CE2", 11)]), …]. ISO-8859-1, CRLF, as ONDE writes."""
    rng = random.Random(seed)  # noqa: S311  (invented data, the same each time)
    children = [child for spec in enumerate(classes) for child in _children(rng, year, *spec)]
    for rank, child in enumerate(children):
        child.ine = f"{seed % 100_000:05}{rank % 10_000:04}{LETTERS[rank % 20]}{LETTERS[seed // 100_000 % 20]}"
    families = _families(rng, children)
    if children:
        children[-1].ine = ""
    return OndeFiles(_pupils_file(families, classes, rng), _guardians_file(families, rng))


def _children(rng: random.Random, year: int, position: int, spec: ClassSpec) -> list[_Child]:
    label, grades = spec
    found = []
    for grade, count in grades:
        for _turn in range(count):
            sex = rng.choice("FM")
            first = rng.choice(GIRLS if sex == "F" else BOYS)
            born = date(year - AGE[grade], 1, 1) + timedelta(days=rng.randrange(365))
            found.append(_Child("", first, sex, born, grade, label, 900001 + position))
    return found


def _families(rng: random.Random, children: list[_Child]) -> list[_Family]:
    """One child in three has a brother or a sister in the school; two of a class are twins."""
    order = children[:]
    rng.shuffle(order)
    families: list[_Family] = []
    for child in order:
        home = rng.choice(families[-12:]) if families and rng.random() < 0.33 else None
        if home is None or len(home.children) > 2 or any(c.first == child.first for c in home.children):
            apart = _address(rng) if rng.random() < 0.17 else ""
            home = _Family(rng.choice(LAST_NAMES), _address(rng), apart)
            families.append(home)
        home.children.append(child)
    if len(children) > 20:
        _make_twins(families, children[0], children[1])
        families[0].last = LONG_NAME
    for family in families:
        for child in family.children:
            child.last = family.last
    return [family for family in families if family.children]


def _make_twins(families: list[_Family], first: _Child, second: _Child) -> None:
    """Same day, same home; the second one gets a name that no brother or sister has."""
    homes = {id(child): family for family in families for child in family.children}
    home = homes[id(first)]
    homes[id(second)].children.remove(second)
    others = {child.first for child in home.children}
    second.born = first.born
    second.first = next(name for name in (GIRLS if second.sex == "F" else BOYS) if name not in others)
    home.children.append(second)


def _address(rng: random.Random) -> str:
    return f"{rng.randrange(1, 90)} {rng.choice(STREETS)}"


def _pupils_file(families: list[_Family], classes: Sequence[ClassSpec], rng: random.Random) -> bytes:
    lines = []
    for family in families:
        for child in family.children:
            cycle = CYCLES[child.grade]
            photo = rng.choices(("Oui", "Non"), (9, 1))[0]
            second = (family.second, *PLACE) if family.second else ("", "", "", "")
            cells = [
                child.last.upper(), "", child.first, child.born.isoformat(), child.sex, child.ine,
                family.address, *PLACE, *second, cycle, child.grade, child.label, str(child.class_id),
                "Oui", "Non", photo, "",
            ]  # fmt: skip
            lines.append((child.label, child.last, ";".join(cells)))
    return encode(PUPIL_HEADERS, [text for *_key, text in sorted(lines)])


def _guardians_file(families: list[_Family], rng: random.Random) -> bytes:
    widest = max((len(family.children) for family in families), default=0)
    lines = [line for family in families for line in _adults(family, rng)]
    return encode(GUARDIAN_HEADERS + CHILD_HEADERS * widest, lines)


def _adults(family: _Family, rng: random.Random) -> list[str]:
    """Two adults for four families in five, and always when they live apart. Some mothers use the family's name."""
    born = rng.choice(LAST_NAMES) if rng.random() < 0.6 else family.last
    usage = family.last if born != family.last and rng.random() < 0.5 else ""
    adults = [("MME", usage, born, rng.choice(MOTHERS), family.address)]
    if family.second or rng.random() < 0.8:
        adults.append(("M.", "", family.last, rng.choice(FATHERS), family.second or family.address))
    return [_adult(family, rng, *adult) for adult in adults]


def _adult(family: _Family, rng: random.Random, civility: str, usage: str, last: str, first: str, address: str) -> str:
    number = rng.randrange(10_000_000, 99_999_999)
    mail = f"{slug(first)}.{slug(usage or last)[:30]}{number % 97}@example.org" if rng.random() < 0.7 else ""
    cells = [civility, usage.upper(), last.upper(), first, address, *PLACE, mail, "", "", f"06{number}"]
    for child in family.children:
        cells += ["", child.last.upper(), child.first, child.label]
    return ";".join(cells)


def encode(headers: str, lines: list[str]) -> bytes:
    # ONDE writes a straight apostrophe; the curly one isn't in ISO-8859-1.
    return "\r\n".join([headers, *lines, ""]).replace("’", "'").encode("iso-8859-1")
