from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core.tasks import academy_task
from shared_apps.audit.services import record
from shared_apps.training.models import Registration
from shared_apps.training.telling import tell

AHEAD = (7, 1)  # days


@academy_task(name="training.remind")
def remind() -> int:
    """Each morning. Run twice, it tells once: the day is in the key."""
    today, told = timezone.localdate(), 0
    for days in AHEAD:
        rows = Registration.objects.filter(
            state=Registration.State.CONFIRMED,
            session__state__in=["open", "closed"],
            session__day=today + timedelta(days=days),
        )
        rows = list(rows.order_by("pk"))
        tell(rows, f"in_{days}_days", once=(today + timedelta(days=days)).isoformat())
        told += len(rows)
    return told


@academy_task(name="training.forget")
def forget() -> int:
    """Each night: what the rule of `to_forget` lets go."""
    with transaction.atomic():
        gone, _by_model = Registration.objects.to_forget().delete()
        if gone:
            record(actor=None, action="training.forgotten", number=gone)
    return gone
