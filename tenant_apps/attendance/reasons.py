"""Why a child is away: the closed list of L131-8, what the State judges, and what each reason entails."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    CHILD_ILLNESS = "child_illness", _("maladie de l’enfant")
    FAMILY_CONTAGIOUS_ILLNESS = "family_illness", _("maladie contagieuse dans la famille")
    FAMILY_CEREMONY = "family_ceremony", _("réunion solennelle de famille")
    TRANSPORT_DISRUPTION = "transport", _("difficulté accidentelle des communications")
    GUARDIANS_AWAY = "guardians_away", _("déplacement des responsables, que l’enfant suit")
    OTHER = "other", _("autre motif")
    PS_ADJUSTMENT = "ps_adjustment", _("aménagement accordé en petite section")


class Status(models.TextChoices):
    EXCUSED = "excused", _("justifiée")
    UNEXCUSED = "unexcused", _("non justifiée")
    PENDING = "pending", _("à apprécier")


@dataclass(frozen=True, slots=True)
class Flags:
    status: str  # what an absence for this reason is until the head says otherwise
    counts: bool = True  # as a half-day of absence
    by_families: bool = True  # may be declared by a guardian
    is_health: bool = False  # nothing more is asked nor kept: no certificate


_LEGITIMATE = Flags(Status.EXCUSED)
_ILL = Flags(Status.EXCUSED, is_health=True)
FLAGS: dict[str, Flags] = {
    "": Flags(Status.UNEXCUSED, by_families=False),  # no word from the family
    Reason.CHILD_ILLNESS: _ILL,
    Reason.FAMILY_CONTAGIOUS_ILLNESS: _ILL,
    Reason.FAMILY_CEREMONY: _LEGITIMATE,
    Reason.TRANSPORT_DISRUPTION: _LEGITIMATE,
    Reason.GUARDIANS_AWAY: _LEGITIMATE,
    # « Les autres motifs sont appréciés par l’autorité de l’État compétente. » (L131-8)
    Reason.OTHER: Flags(Status.PENDING),
    # R131-1-1: afternoons only, granted by the inspector.
    Reason.PS_ADJUSTMENT: Flags(Status.EXCUSED, counts=False, by_families=False),
}
NOT_COUNTED = frozenset(reason for reason, flags in FLAGS.items() if not flags.counts)


def status_of(reason: str) -> str:
    return FLAGS[reason].status


def choices_for_families() -> list[tuple[str, Any]]:
    return [(reason.value, reason.label) for reason in Reason if FLAGS[reason].by_families]
