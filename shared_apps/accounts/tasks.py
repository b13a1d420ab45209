from django.contrib.sessions.models import Session
from django.utils import timezone

from core.tasks import academy_task
from core.tenancy import in_schema
from shared_apps.accounts import addresses, devices
from tenants.schemas import every_schema


@academy_task(name="accounts.forget_sessions")
def forget_sessions() -> None:
    """Each night: what ended stays a row of its commune until somebody takes it away (sessions, devices, addresses)."""
    for schema in every_schema():
        with in_schema(schema):
            Session.objects.filter(expire_date__lt=timezone.now()).delete()
            addresses.forget_old()
            devices.forget_old()
