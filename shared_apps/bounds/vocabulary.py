"""Who is spoken of when one asks « may X write to Y? », what may be asked, and how far it goes."""

from enum import IntEnum
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class Party(models.TextChoices):
    """What a person is for another today. Cycle 3 begins in CM1 (arrêté du 9 novembre 2015)."""

    HEAD = "head", _("directions")
    TEACHER = "teacher", _("enseignants")
    ASSISTANT = "assistant", _("AESH")
    TOWN = "town", _("agents de la mairie")
    ELECTED = "elected", _("élus")
    GUARDIAN = "guardian", _("parents")
    PUPIL = "pupil", _("élèves de CM1 et CM2")
    YOUNG_PUPIL = "young_pupil", _("élèves de la maternelle au CE2")


FAMILY = frozenset({Party.GUARDIAN, Party.PUPIL, Party.YOUNG_PUPIL})
CHILDREN = frozenset({Party.PUPIL, Party.YOUNG_PUPIL})


class Right(models.TextChoices):
    SEE = "see", _("voir")
    WRITE = "write", _("écrire à")


class Scope(models.TextChoices):
    """How near two people must be. Each holds the ones before it."""

    NONE = "none", _("personne")
    CHILD = "child", _("le même enfant")
    CLASS = "class", _("la classe")
    SCHOOL = "school", _("l’école")
    COMMUNE = "commune", _("toute la commune")

    @property
    def rank(self) -> int:
        return int(_Rank[self.name])

    def covers(self, nearness: "Scope") -> bool:
        return self is not Scope.NONE and nearness.rank <= self.rank


class _Rank(IntEnum):
    NONE = 0
    CHILD = 1
    CLASS = 2
    SCHOOL = 3
    COMMUNE = 4


class Cell(NamedTuple):
    """One rule of the matrix: may `sender` see, or write to, `recipient`?"""

    sender: Party
    recipient: Party
    right: Right

    @property
    def code(self) -> str:
        return f"{self.sender.value}.{self.recipient.value}.{self.right.value}"

    @classmethod
    def of(cls, code: str) -> "Cell":
        sender, recipient, right = code.split(".")
        return cls(Party(sender), Party(recipient), Right(right))


def narrowest(*scopes: Scope) -> Scope:
    return min(scopes, key=lambda scope: scope.rank)


def meaningful(cell: Cell) -> list[Scope]:
    """The scopes that say something between these two: a head has no class, only a family shares a child."""
    pair = {cell.sender, cell.recipient}
    found = [Scope.NONE]
    if pair <= FAMILY and not pair <= CHILDREN:
        found.append(Scope.CHILD)
    if Party.HEAD not in pair:
        found.append(Scope.CLASS)
    return [*found, Scope.SCHOOL, Scope.COMMUNE]
