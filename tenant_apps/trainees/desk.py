"""What the commune answers to the academy, in its own schema (`core.registry.TrainingDesk`)."""

from collections.abc import Iterable
from typing import Any

from core.registry import Trainee
from tenant_apps.trainees import notifications
from tenant_apps.trainees.models import TrainingRegistration


def hear(word: dict[str, Any]) -> None:
    """The registration is as the academy says. An account that was erased has no more registration to change."""
    rows = TrainingRegistration.objects.select_related("account").select_for_update(of=("self",))
    row = rows.filter(pk=word["registration"]).first()
    if row is None:
        return
    row.state, row.certificate = word["state"], word["certificate"]
    row.take(word["session"])
    row.save()
    notifications.tell(row, word["occasion"])


def names(ids: Iterable[Any]) -> dict[Any, Trainee]:
    rows = TrainingRegistration.objects.naming().filter(pk__in=list(ids)).select_related("account")
    return {row.pk: Trainee(row.account.get_full_name(), row.account.email) for row in rows.order_by("pk")}


def comments(ids: Iterable[Any]) -> list[str]:
    rows = TrainingRegistration.objects.filter(pk__in=list(ids)).exclude(comment="")
    return list(rows.order_by("pk").values_list("comment", flat=True))
