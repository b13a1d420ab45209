"""Dates of a small class: call inside a commune."""

from datetime import date
from typing import Any

from tenant_apps.agenda import services
from tenant_apps.agenda.models import Event
from tests.tenant_apps.liaison.factories import ClassRoom, account, person

TUESDAY = date(2026, 11, 24)


def event(room: ClassRoom, *, reach: str = "class", by: Any = None, **facts: Any) -> Event:
    """`reach`: class, school, commune."""
    where = {
        "class": {"school": room.school, "school_class": room.school_class},
        "school": {"school": room.school},
        "commune": {},
    }[reach]
    day = facts.pop("on", TUESDAY)
    defaults = {"title": "Piscine", "starts_on": day, "ends_on": day} | where
    writer = by or {"class": room.teacher, "school": room.head}.get(reach)
    return services.save_event(actor=writer or officer(), event=Event(**defaults | facts))


def officer() -> Any:
    """Of the school service of the town; one for all the test."""
    from shared_apps.accounts.models import User
    from tenant_apps.people.models import StaffAssignment

    if found := User.objects.filter(identifier="jean.mairie").first():
        return found
    user = account("Jean", "Mairie")
    StaffAssignment.objects.create(
        person=person("Jean", "Mairie", user=user), role="school_service", starts_on=date(2020, 1, 1)
    )
    return user
