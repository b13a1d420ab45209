"""Homework of a small class: call inside a commune."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from tenant_apps.homework import services
from tenant_apps.homework.models import Homework
from tenant_apps.schools.days import class_days
from tests.tenant_apps.liaison import factories
from tests.tenant_apps.liaison.factories import ClassRoom

SOUND = b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\x00" * 64


def next_class_day(room: ClassRoom) -> date:
    today = timezone.localdate()
    return class_days(room.school, today + timedelta(days=1), today + timedelta(days=70))[0]


def homework(room: ClassRoom, *, pupils: Any = (), actor: Any = None, **facts: Any) -> Homework:
    today = timezone.localdate()
    days = {"given_on": today, "published_on": today}
    if "due_on" not in facts:
        days["due_on"] = next_class_day(room)
    words = {"subject": "Lecture", "title": "Lire page 12", "instruction": "À voix haute."}
    place = {} if "group" in facts else {"school_class": room.school_class}
    made = Homework(**place | words | days | facts)
    return services.save_homework(actor=actor or room.teacher, homework=made, pupils=pupils)


def pupil_account(room: ClassRoom, name: str, prefix: str = "") -> Any:
    """Gives the child an account of its own."""
    child = room.pupils[name].person
    child.account = factories.account(f"{prefix}eleve{name}", child.birth_name)
    child.save()
    return child.account
