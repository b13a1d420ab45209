"""What is told to who registered: the training, the day, and what changes for them."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from core.ids import uuid7
from core.words import clock, day
from shared_apps.notifications.services import notify
from tenant_apps.trainees.models import TrainingRegistration

WORDS: dict[str, Callable[[], str]] = {
    "confirmed": lambda: _("%(title)s, %(day)s à %(clock)s : votre place est réservée"),
    "waiting": lambda: _("%(title)s, %(day)s : c’est complet, vous êtes en liste d’attente"),
    "promoted": lambda: _("%(title)s, %(day)s à %(clock)s : une place s’est libérée, elle est à vous"),
    "refused": lambda: _("%(title)s, %(day)s : les inscriptions étaient closes, ou aucune place ne s’est libérée"),
    "moved": lambda: _("%(title)s : la session change. Elle a lieu %(day)s à %(clock)s, %(where)s"),
    "cancelled": lambda: _("%(title)s, %(day)s : la session est annulée. %(reason)s"),
    "in_7_days": lambda: _("Dans une semaine : %(title)s, %(day)s à %(clock)s, %(where)s"),
    "in_1_days": lambda: _("Demain à %(clock)s : %(title)s, %(where)s"),
    "present": lambda: _("%(title)s : votre attestation est prête"),
}


def tell(row: TrainingRegistration, occasion: str) -> None:
    """Nothing is said of an absence, nor of what they did themselves."""
    if occasion == "attendance":
        occasion = row.state
    if occasion not in WORDS:
        return
    # A reminder is told once; a place lost and found again is told each time.
    once = row.day.isoformat() if occasion.startswith("in_") or occasion == "present" else str(uuid7())
    notify(
        user=row.account,
        kind=f"trainees.{occasion}",
        title=WORDS[occasion]() % _facts(row),
        path=row.get_absolute_url(),
        key=f"training:{row.pk}:{occasion}:{once}",
    )


def _facts(row: TrainingRegistration) -> dict[str, Any]:
    return {
        "title": row.title,
        "day": day(row.day),
        "clock": clock(row.starts_at),
        "where": row.where,
        "reason": row.reason,
    }
