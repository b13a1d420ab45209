from django.utils import timezone

from core.tasks import academy_task
from core.tenancy import PUBLIC, each_commune, in_schema
from tenant_apps.messages import forgetting
from tenants.schemas import every_schema


@academy_task(name="messaging.forget")
def forget() -> None:
    """Each night: the bin, and what is too old."""
    for schema in each_commune(every_schema()):
        if schema != PUBLIC:
            with in_schema(schema):
                forgetting.forget(timezone.now())
