"""A commune whose migration failed is closed, the others live; when it is migrated at last, it opens again."""

from collections.abc import Iterable

from django.db import transaction

from core.tenancy import in_public
from provisioning.fleet.apply import Failure
from provisioning.models import MigrationResult, MigrationRun
from tenants.hosts import announce_change
from tenants.models import Commune

State = Commune.State
# Who is closed for another reason stays as it is.
CLOSED_ON_FAILURE = {State.OPEN, State.READ_ONLY}


def close(run: MigrationRun, schema: str, failure: Failure) -> None:
    """Write the failure and close the commune, together."""
    with in_public(), transaction.atomic():
        commune = Commune.objects.select_for_update().get(schema_name=schema)
        before = commune.state if commune.state in CLOSED_ON_FAILURE else ""
        MigrationResult.objects.create(
            run=run,
            schema_name=schema,
            state=MigrationResult.State.FAILED,
            method=failure.method,
            error=failure.error,
            state_before=before,
        )
        if before:
            commune.state = State.MAINTENANCE
            commune.save(update_fields=["state"])
            announce_change()


def reopen(up_to_date: Iterable[str]) -> int:
    """Those that a failed migration closed and that lack nothing any more. Returns how many."""
    with in_public(), transaction.atomic():
        closed = Commune.objects.select_for_update().filter(state=State.MAINTENANCE, schema_name__in=list(up_to_date))
        count = sum(_reopen_one(commune) for commune in closed)
        if count:
            announce_change()
    return count


def _reopen_one(commune: Commune) -> bool:
    failures = MigrationResult.objects.filter(schema_name=commune.schema_name).exclude(state_before="")
    last = failures.order_by("-id").first()
    if last is None:
        return False
    commune.state = last.state_before
    commune.save(update_fields=["state"])
    # Repaired: a maintenance decided later, by somebody, is not ours to end.
    failures.update(state_before="")
    return True
