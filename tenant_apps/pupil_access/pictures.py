"""The twelve secret pictures, told apart by shape and by colour, and the animals by which children find themselves."""

from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FOLDER = Path(__file__).parent / "static" / "pupil_access" / "pictures"
# The order is part of what sequences are derived from: add at the end, never move.
PICTURES: dict[str, str | Promise] = {
    "sun": _("le soleil"),
    "boat": _("le bateau"),
    "fish": _("le poisson"),
    "flower": _("la fleur"),
    "house": _("la maison"),
    "star": _("l’étoile"),
    "apple": _("la pomme"),
    "umbrella": _("le parapluie"),
    "ball": _("le ballon"),
    "tree": _("l’arbre"),
    "key": _("la clé"),
    "heart": _("le cœur"),
}
FACES = (Path(__file__).parent / "data" / "animaux.txt").read_text(encoding="utf-8").split()


@dataclass(frozen=True, slots=True)
class Picture:
    name: str
    label: str


def all_pictures() -> list[Picture]:
    return [Picture(name, str(label)) for name, label in PICTURES.items()]


def named(names: list[str]) -> list[Picture]:
    return [Picture(name, str(PICTURES[name])) for name in names]


def drawing(name: str) -> str:
    """The SVG itself, for a sheet to print."""
    return (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
