"""The roll-up: each commune counts its days, keeps them, and sends the counts up."""

import logging
from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from core.tenancy import each_commune, in_public, in_schema, require_commune
from shared_apps.statistics.services import insee_of
from shared_apps.statistics.usage import services as academy
from shared_apps.statistics.usage.tally import Tally
from tenant_apps.usage import counting, trail
from tenant_apps.usage.models import CountedDay
from tenants.models import Commune

log = logging.getLogger(__name__)


def roll_up_all() -> int:
    """Every commune in turn; one that fails keeps its days for the next time. Returns those that were visited."""
    counted: dict[str, list[date]] = {}
    for schema in each_commune(_laid()):
        try:
            with in_schema(schema):
                counted[insee_of(schema)] = roll_up_here()
        except Exception as error:  # any fault of one commune is its own
            log.warning("usage.commune_failed", extra={"schema": schema, "error": type(error).__name__})
    for month, communes in academy.months_of(counted).items():
        academy.sum_month(month, communes)
    return len(counted)


def roll_up_here() -> list[date]:
    """The days that the trail still holds: counted, kept, sent up. Those that are over are then forgotten there."""
    schema, store, today = require_commune(), trail.store(), timezone.localdate()
    days = store.days(schema)
    for day in days:
        keep_day(day, counting.count(store.members(schema, day)))
        if day < today:
            store.forget(schema, day)
    return days


def keep_day(day: date, figures: Mapping[str, Tally]) -> None:
    keep_days({day: figures})


def keep_days(days: Mapping[date, Mapping[str, Tally]]) -> None:
    """In the commune and in public, together or not at all. Said again, a day replaces what was there."""
    insee = insee_of(require_commune())
    with transaction.atomic():
        CountedDay.objects.filter(day__in=days).delete()
        CountedDay.objects.bulk_create(
            CountedDay(uai=uai, day=day, **tally.as_fields())
            for day, figures in sorted(days.items())
            for uai, tally in sorted(figures.items())
        )
        with in_public():
            academy.store_days(insee=insee, days=days)


def _laid() -> list[str]:
    """The archived ones too: one still visits a commune in read only, and no trail must be left behind."""
    return list(Commune.objects.laid().order_by("schema_name").values_list("schema_name", flat=True))
