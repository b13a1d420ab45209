"""Sessions of the academy (call in public) and registrations of a commune (call in it)."""

from datetime import time, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from shared_apps.training.models import Registration, Session, Training
from tenant_apps.trainees.models import TrainingRegistration


def in_days(days: int) -> Any:
    return timezone.localdate() + timedelta(days=days)


def training(**facts: Any) -> Training:
    facts = {"title": "Premiers pas dans l’ENT", "audience": "enseignants", "hours": "3.0"} | facts
    facts.setdefault("objectives", "Faire l’appel, écrire un mot.")
    return Training.objects.get_or_create(title=facts.pop("title"), defaults=facts)[0]


def session(*, days: int = 10, **facts: Any) -> Session:
    """In ten days, three seats, open to all."""
    day = in_days(days)
    defaults = {
        "training": facts.pop("training", None) or training(),
        "day": day,
        "closes_on": day - timedelta(days=1),
        "starts_at": time(14),
        "ends_at": time(17),
        "place": "Collège Victor-Hugo",
        "seats": 3,
    }
    return Session.objects.create(**defaults | facts)


def registered(room: Any, *, days: int = 10, **facts: Any) -> TrainingRegistration:
    """What a commune knows of its teacher’s registration."""
    defaults = {
        "account": room.teacher,
        "school": room.school,
        "session": uuid4(),
        "trainee": uuid4(),
        "state": "confirmed",
        "title": "Premiers pas dans l’ENT",
        "level": "initiation",
        "hours": "3.0",
        "day": in_days(days),
        "starts_at": time(14),
        "ends_at": time(17),
        "where": "Collège Victor-Hugo",
    }
    return TrainingRegistration.objects.create(**defaults | facts)


def walk_in(session: Session) -> Registration:
    """Somebody of Lakanal who came without having registered."""
    facts = {"school_id": "0110427E", "trainee": uuid4(), "state": "present", "certificate": "2026-00001"}
    return Registration.objects.create(session=session, **facts)
