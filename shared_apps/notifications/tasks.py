import logging
from datetime import timedelta

from django.utils import timezone

from core.tasks import academy_task, commune_task
from core.tenancy import in_schema, is_public
from shared_apps.notifications import digests, outbox, returns
from shared_apps.notifications.models import OutboxEntry
from tenants.schemas import every_schema

BATCH = 200  # then the worker takes what else waits, and comes back
KEPT = timedelta(days=30)
log = logging.getLogger(__name__)


def wake() -> None:
    """Ask for a delivery now; if the broker is lost, the sweep does it later."""
    task = deliver_public if is_public() else deliver
    try:
        task.apply_async(ignore_result=True, retry=False)
    except Exception as error:  # kombu raises whatever its transport raises
        log.warning("outbox.broker_unreachable", extra={"error": type(error).__name__})


@commune_task(name="notifications.deliver", runs_while_paused=True)
def deliver() -> int:
    return _deliver()


@academy_task(name="notifications.deliver_public")
def deliver_public() -> int:
    return _deliver()


def _deliver() -> int:
    tried = outbox.deliver_due(limit=BATCH)
    if tried == BATCH:
        wake()
    return tried


@academy_task(name="notifications.sweep_outboxes")
def sweep_outboxes() -> None:
    """Each minute: what a lost broker or a killed worker left, and what was put off; a message per commune."""
    for schema in every_schema():
        with in_schema(schema):
            if OutboxEntry.objects.due().exists():
                wake()


@academy_task(name="notifications.forget_delivered")
def forget_delivered() -> None:
    """Each night: an effect long produced has nothing more to say. Those given up stay until somebody looks."""
    for schema in every_schema():
        with in_schema(schema):
            OutboxEntry.objects.delivered_before(timezone.now() - KEPT).delete()


@academy_task(name="notifications.ask_digests")
def ask_digests() -> None:
    """In the late afternoon, several times: what the first beat missed the next does, and the day is done once."""
    for schema in every_schema():
        with in_schema(schema):
            digests.ask()


@academy_task(name="notifications.read_returns")
def read_returns() -> int:
    return returns.read_mailbox()
