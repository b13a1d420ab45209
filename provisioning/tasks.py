import logging
from typing import Any

from core.tasks import academy_task
from provisioning import spares
from provisioning.models import Opening
from provisioning.sessions import is_held, owner
from shared_apps.lifecycle.models import Ending

log = logging.getLogger(__name__)


def send(opening_id: Any) -> None:
    """Ask a worker for it; if the broker is lost, `reconcile` finds it."""
    try:
        open_commune.apply_async([str(opening_id)], retry=False)
    except Exception:  # kombu raises whatever its transport raises
        log.warning("opening.broker_unreachable")


@academy_task(name="provisioning.open_commune")
def open_commune(opening_id: str) -> None:
    from provisioning.opening import machine

    machine.run(opening_id)


@academy_task(name="provisioning.reconcile")
def reconcile() -> None:
    """Openings that nobody works at: their worker was killed, or the broker lost them."""
    for opening in Opening.objects.under_way():
        if not is_held(opening.lock):
            send(opening.pk)


@academy_task(name="provisioning.erase")
def erase(ending_id: str) -> None:
    from provisioning.ending import machine

    machine.run(ending_id)


@academy_task(name="provisioning.erase_due")
def erase_due() -> None:
    """Those whose notice has passed, and those whose worker died."""
    for ending in Ending.objects.to_erase():
        if not is_held(ending.lock):
            erase.apply_async([str(ending.pk)])


@academy_task(name="provisioning.keep_spares")
def keep_spares() -> None:
    with owner():
        spares.fill()
