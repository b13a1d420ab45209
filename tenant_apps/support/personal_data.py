"""What this room holds of somebody, and what it forgets."""

from typing import Any

from django.db.models import F

from core.registry import Erased
from shared_apps.files import services as files
from shared_apps.files.models import StoredFile
from tenant_apps.support.models import PURPOSE, Ticket, TicketMessage


def tickets_of(person_id: Any) -> dict[str, list[dict[str, Any]]]:
    mine = TicketMessage.objects.filter(author__person=person_id).order_by("created_at", "pk")
    rows = mine.values("created_at", "body", demande=F("ticket__subject"))
    return {"demandes_d_aide": list(rows)}


def erase(who: Erased) -> None:
    """The requests of who is erased go with their threads; the academy's headers name nobody."""
    for ticket in Ticket.objects.filter(author__in=who.accounts):
        messages = ticket.messages.values("pk")
        for file in StoredFile.objects.filter(purpose=PURPOSE, object_id__in=messages):
            files.delete(actor=None, file=file)
        ticket.messages.all().delete()
        Ticket.objects.filter(pk=ticket.pk).delete()


def may_read(user: Any, file: StoredFile) -> bool:
    rows = TicketMessage.objects.filter(pk=file.object_id)
    return rows.visible_to(user).exists() or rows.opened_to(user).exists()
