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
_NAMES = {
    key: [" ".join(name.split()) for name in text.split("|")]
    for key, text in tomllib.loads((Path(__file__).parent / "data/names.toml").read_text()).items()
}
LAST_NAMES, GIRLS, BOYS = _NAMES["last_names"], _NAMES["girls"], _NAMES["boys"]
MOTHERS, FATHERS, STREETS = _NAMES["mothers"], _NAMES["fathers"], _NAMES["streets"]
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
    children: list[_Child] = field(default_factory=list)


def make_onde(classes: Sequence[ClassSpec], seed: int = 1, *, year: int = 2026) -> OndeFiles:
    """`classes`: [("CE1-CE2 Mme Vidal", [("CE1", 12), ("CE2", 11)]), …]. ISO-8859-1, CRLF, as ONDE writes."""
    rng = random.Random(seed)  # noqa: S311  (invented data, the same each time)
    children = [child for spec in enumerate(classes) for child in _children(rng, year, *spec)]
    for rank, child in enumerate(children):
        child.ine = f"{seed % 1000:03}{rank:06}{'ABCDEFGHJK'[rank % 10]}{'ABCDEFGHJK'[seed % 10]}"
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
            home = _Family(rng.choice(LAST_NAMES), f"{rng.randrange(1, 90)} {rng.choice(STREETS)}")
            families.append(home)
        child.last = home.last
        home.children.append(child)
    if len(children) > 20:
        _make_twins(children)
        families[0].last = families[0].children[0].last = LONG_NAME
    return families


def _make_twins(children: list[_Child]) -> None:
    first, second = children[0], children[1]
    second.born, second.last = first.born, first.last


def _pupils_file(families: list[_Family], classes: Sequence[ClassSpec], rng: random.Random) -> bytes:
    lines = []
    for family in families:
        for child in family.children:
            cycle = CYCLES[child.grade]
            photo = rng.choices(("Oui", "Non"), (9, 1))[0]
            cells = [
                child.last.upper(), "", child.first, child.born.isoformat(), child.sex, child.ine, family.address,
                "11100", "NARBONNE", "FRANCE", "", "", "", "", cycle, child.grade, child.label, str(child.class_id),
                "Oui", "Non", photo, "",
            ]  # fmt: skip
            lines.append((child.label, child.last, ";".join(cells)))
    return _encode(PUPIL_HEADERS, [text for *_key, text in sorted(lines)])


def _guardians_file(families: list[_Family], rng: random.Random) -> bytes:
    widest = max((len(family.children) for family in families), default=0)
    lines = [line for family in families for line in _adults(family, rng)]
    return _encode(GUARDIAN_HEADERS + CHILD_HEADERS * widest, lines)


def _adults(family: _Family, rng: random.Random) -> list[str]:
    """Two adults for four families in five; one family in six lives in two homes."""
    mother_last = family.last if rng.random() < 0.6 else rng.choice(LAST_NAMES)
    adults = [("MME", mother_last, rng.choice(MOTHERS), family.address)]
    if rng.random() < 0.8:
        apart = f"{rng.randrange(1, 90)} {rng.choice(STREETS)}" if rng.random() < 0.17 else family.address
        adults.append(("M.", family.last, rng.choice(FATHERS), apart))
    return [_adult(family, rng, *adult) for adult in adults]


def _adult(family: _Family, rng: random.Random, civility: str, last: str, first: str, address: str) -> str:
    number = rng.randrange(10_000_000, 99_999_999)
    mail = f"{slug(first)}.{slug(last)}{number % 97}@example.org" if rng.random() < 0.7 else ""
    cells = [civility, "", last.upper(), first, address, "11100", "NARBONNE", "FRANCE", mail, "", "", f"06{number}"]
    for child in family.children:
        cells += ["", child.last.upper(), child.first, child.label]
    return ";".join(cells)


def _encode(headers: str, lines: list[str]) -> bytes:
    # ONDE writes a straight apostrophe; the curly one isn't in ISO-8859-1.
    return "\r\n".join([headers, *lines, ""]).replace("’", "'").encode("iso-8859-1")
