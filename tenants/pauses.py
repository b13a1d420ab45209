"""A commune that is suspended, in read only or archived: what still happens there by itself."""

from core import tasks
from core.tenancy import PUBLIC, in_public
from tenants.models import Commune

# Kinds of outbox entries that go on while people can still come in: their access, and their own data.
NEEDED = ("accounts.mail", "people.export_my_data", "departures.archive", "uplink")


def is_paused(schema: str) -> bool:
    if schema == PUBLIC:
        return False
    with in_public():
        return Commune.objects.filter(schema_name=schema, state__in=Commune.PAUSED).exists()


def install() -> None:
    tasks.is_paused = is_paused
