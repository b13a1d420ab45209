from collections.abc import Callable

from core.tasks import academy_task
from core.tenancy import PUBLIC, each_commune, in_schema
from tenant_apps.support.services import accesses, tickets
from tenants.schemas import every_schema


@academy_task(name="support.end_accesses")
def end_accesses() -> None:
    """Each minute. The hour itself has already closed the sessions; this closes the accounts and tells the academy."""
    _everywhere(accesses.end_those_run_out)


@academy_task(name="support.close_tickets")
def close_tickets() -> None:
    """Each night, with the accounts of accesses long over."""
    _everywhere(tickets.close_old)
    _everywhere(accesses.erase_accounts)


def _everywhere(act: Callable[[], int]) -> None:
    for schema in each_commune(every_schema()):
        if schema != PUBLIC:
            with in_schema(schema):
                act()
