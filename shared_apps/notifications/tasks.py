import logging

from core.tasks import academy_task, commune_task
from core.tenancy import PUBLIC, in_schema, is_public
from shared_apps.notifications import outbox
from tenants.models import Commune

log = logging.getLogger(__name__)


def wake() -> None:
    """Ask for a delivery now; if the broker is lost, the sweep does it later."""
    task = deliver_public if is_public() else deliver
    try:
        task.apply_async(ignore_result=True, retry=False)
    except Exception:  # kombu raises whatever its transport raises
        log.warning("outbox.broker_unreachable")


@commune_task(name="notifications.deliver")
def deliver() -> int:
    return outbox.deliver_due()


@academy_task(name="notifications.deliver_public")
def deliver_public() -> int:
    return outbox.deliver_due()


@academy_task(name="notifications.sweep_outboxes")
def sweep_outboxes() -> None:
    """Each minute: what a lost broker or a killed worker left."""
    schemas = [PUBLIC, *Commune.objects.laid().values_list("schema_name", flat=True)]
    for schema in schemas:
        with in_schema(schema):
            outbox.deliver_due()
