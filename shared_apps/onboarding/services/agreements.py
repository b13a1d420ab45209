"""What a convention says of the town's word in the schools; see `tenants.agreements`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from shared_apps.audit.services import record
from shared_apps.onboarding.models import Case
from tenants.models import Commune


@transaction.atomic
def set_heads_consent(*, actor: Any, case: Case, asks_heads: bool) -> Commune:
    """Known in the commune within a minute. What already waits for a head goes on waiting."""
    if not actor.has_perm("onboarding.sign_convention", case):
        raise PermissionDenied
    commune = Commune.objects.select_for_update().get(insee=case.insee)
    if commune.asks_heads != asks_heads:
        commune.asks_heads = asks_heads
        commune.save(update_fields=["asks_heads"])
        record(actor=actor, action="onboarding.heads_consent_set", obj=case, asks=asks_heads)
    return commune
