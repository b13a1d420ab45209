"""Outings of a small class: call inside a commune."""

from datetime import time, timedelta
from typing import Any

from django.utils import timezone

from shared_apps.signatures.models import Slot
from tenant_apps.outings import services
from tenant_apps.outings.models import Outing
from tenant_apps.schools.models import SchoolClass
from tests.tenant_apps.liaison.factories import ClassRoom


def draft(room: ClassRoom, *, by: Any = None, **facts: Any) -> Outing:
    today = timezone.localdate()
    defaults = {"school_class": room.school_class, "title": "Narbo Via", "place": "Musée", "companions_wanted": 1}
    defaults |= {"day": today + timedelta(days=9), "due_on": today + timedelta(days=5)}
    defaults |= {"leaves_at": time(9), "comes_back_at": time(16, 15)}
    return services.save_draft(actor=by or room.teacher, outing=Outing(**defaults | facts))


def outing(room: ClassRoom, **facts: Any) -> Outing:
    made = draft(room, **facts)
    return services.publish(actor=made.author, outing=made)


def slot_of(row: Outing, user: Any, pupil: Any) -> Slot:
    return Slot.objects.get(request__object_id=row.pk, signer_id=user.person.pk, subject_id=pupil.pk)


def of_the_world(room: ClassRoom, next_class: Any) -> dict[str, Any]:
    row = outing(room)
    return {
        "outing": row.pk,
        "outing_slot": slot_of(row, room.guardians["Sophie"], room.pupils["Inès"]).pk,
        "next_outing": outing(room, by=room.head, school_class=SchoolClass.objects.get(pk=next_class)).pk,
        "outing_draft": draft(room).pk,
    }
