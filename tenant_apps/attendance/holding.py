"""What attendance gives to the person it is of, and what it forgets with them."""

from typing import Any

from django.db.models import Q

from core.registry import Erased
from tenant_apps.attendance.attachments import delete_files
from tenant_apps.attendance.models import Announcement, Mark


def personal_data(person_id: Any) -> dict[str, list[dict[str, Any]]]:
    """A pupil: what was noted and announced. A guardian: what they announced."""
    marks = Mark.objects.validated().filter(pupil__person=person_id).order_by("roll_call__day", "roll_call__half", "pk")
    theirs = Q(pupil__person=person_id) | Q(declared_by__person=person_id)
    announced = Announcement.objects.filter(theirs).order_by("starts_on", "pk")
    return {
        "absences": list(marks.values("roll_call__day", "roll_call__half", "kind", "at", "reason", "status")),
        "absences_annoncees": list(
            announced.values("starts_on", "starts_half", "ends_on", "ends_half", "reason", "message", "withdrawn_at")
        ),
    }


def erase(who: Erased) -> None:
    """The register keeps that somebody was absent, under « Ancien… »: neither why, nor what the family wrote."""
    gone = Announcement.objects.filter(pupil__in=who.pupils)
    lots = set(gone.values_list("lot", flat=True))
    gone.delete()
    delete_files(lots - set(Announcement.objects.filter(lot__in=lots).values_list("lot", flat=True)))
    Mark.objects.filter(pupil__in=who.pupils).update(reason="")
