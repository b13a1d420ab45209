import logging
from typing import Any

from django.db import transaction

from core.tasks import academy_task

log = logging.getLogger(__name__)


def follow_on_commit(staff_id: Any) -> None:
    """Ask a worker once the change is kept; if the broker is lost, the night finds it."""
    transaction.on_commit(lambda: _send(str(staff_id)))


def _send(staff_id: str) -> None:
    try:
        follow_one.apply_async([staff_id], retry=False)
    except Exception:  # kombu raises whatever its transport raises
        log.warning("mobility.broker_unreachable")


@academy_task(name="mobility.follow")
def follow_one(staff_id: str) -> None:
    from shared_apps.mobility.following import follow

    follow(staff_id)


@academy_task(name="mobility.follow_all")
def follow_all() -> int:
    from shared_apps.mobility.following import follow_all

    return follow_all()
