from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.locks import one_at_a_time
from shared_apps.audit.services import record
from shared_apps.statistics.services import request_roll_up
from tenant_apps.equipment.models import Equipment
from tenant_apps.schools.models import School


@transaction.atomic
def count_equipment(*, actor: Any, school: School, counts: Mapping[str, int | None]) -> None:
    """What the school has from now on, by kind; none or zero, and nothing is kept of that kind. `actor=None` is the
    platform itself.
    """
    if actor is not None and not actor.has_perm("equipment.change_equipment", school):
        raise PermissionDenied
    one_at_a_time(f"equipment:{school.pk}")
    kept = {kind: count for kind, count in counts.items() if count}
    Equipment.objects.filter(school=school).delete()
    Equipment.objects.bulk_create(Equipment(school=school, kind=kind, quantity=count) for kind, count in kept.items())
    record(actor=actor, action="equipment.counted", obj=school, **kept)
    request_roll_up()
