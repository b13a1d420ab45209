"""What goes up of a request: ids, codes and times. Never a word of anybody."""

from datetime import datetime

from shared_apps.notifications import uplink
from shared_apps.support.uplinks import HEADER
from tenant_apps.support.models import Ticket


def send(ticket: Ticket) -> None:
    """In the transaction that changed it. A pupil's problem stays in the class."""
    if ticket.level == Ticket.Level.CLASS:
        return
    ticket.version += 1
    Ticket.objects.filter(pk=ticket.pk).update(version=ticket.version)
    data = {
        "ticket": ticket.pk,
        "version": ticket.version,
        "uai": ticket.school.uai if ticket.school else "",
        **{name: str(getattr(ticket, name)) for name in ("category", "priority", "state", "level", "profile")},
        "opened": _seconds(ticket.created_at),
        "taken": _seconds(ticket.taken_at),
        "answered": _seconds(ticket.answered_at),
        "solved": _seconds(ticket.solved_at),
        "readable_until": _seconds(ticket.readable_until),
        "reopened": ticket.reopened,
        "rating": ticket.rating,
    }
    uplink.send(HEADER, key=f"{HEADER}:{ticket.pk}:{ticket.version}", data=data)


def _seconds(moment: datetime | None) -> int | None:
    return int(moment.timestamp()) if moment else None
