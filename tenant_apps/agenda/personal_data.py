"""What the agenda holds about one person, and what it forgets of them."""

from typing import Any

from django.db.models import Q

from core.registry import Erased
from tenant_apps.agenda.models import Booking, Event, Feed


def dates_of(person_id: Any) -> dict[str, list[dict[str, Any]]]:
    """The dates that this person wrote, the appointments taken, and whether their agenda is read elsewhere."""
    written = Event.objects.filter(author__person=person_id).order_by("starts_on", "pk")
    feeds = Feed.objects.filter(user__person=person_id).order_by("pk")
    taken = Booking.objects.filter(guardian__person=person_id)
    return {
        "rendez_vous": list(taken.values("slot__starts_at", "created_at", "cancelled_at", "word")),
        "dates_d_agenda": list(written.values("title", "starts_on", "ends_on", "created_at")),
        "liens_d_agenda": list(feeds.values("created_at", "updated_at")),
    }


def erase(who: Erased) -> None:
    """The private address and the appointments go; a date of the class stays, under « Ancien… »."""
    Feed.objects.filter(user__in=who.accounts).delete()
    Booking.objects.filter(Q(guardian__in=who.accounts) | Q(pupil__in=who.pupils)).delete()
