"""What messages leave in time: the bin after a month, a message two years after it was sent, with its files.

What a head has still to read stays. A copy put aside in an emergency goes with its message.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from shared_apps.files import services as files
from shared_apps.files.models import StoredFile
from tenant_apps.messages.attachments import PURPOSE
from tenant_apps.messages.models import Copy, Message, Report

BIN, KEPT = timedelta(days=30), timedelta(days=730)
BATCH = 200  # messages of one transaction


def forget(now: datetime) -> int:
    """In the current commune. Returns how many messages went."""
    Copy.objects.filter(trashed_at__lt=now - BIN).exclude(_reported("message")).delete()
    gone = 0
    while pks := list(_outdated(now).values_list("pk", flat=True)[:BATCH]):
        delete(Message.objects.filter(pk__in=pks))
        gone += len(pks)
    return gone


@transaction.atomic
def delete(messages: Any) -> None:
    """With their files, and the copies in every box."""
    for file in StoredFile.objects.filter(purpose=PURPOSE, object_id__in=messages.values("pk")):
        files.delete(actor=None, file=file)
    messages.delete()


def _outdated(now: datetime) -> Any:
    """Too old, or in nobody's box any more."""
    is_kept = Exists(Copy.objects.filter(message=OuterRef("pk")))
    old = Q(sent_at__lt=now - KEPT) | Q(sent_at=None, updated_at__lt=now - KEPT) | Q(~is_kept, sent_at__isnull=False)
    return Message.objects.filter(old).exclude(_reported("pk"))


def _reported(message: str) -> Exists:
    return Exists(Report.objects.waiting().filter(message=OuterRef(message)))
