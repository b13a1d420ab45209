import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core import registry
from core.tasks import academy_task
from core.tenancy import each_commune, in_schema
from shared_apps.emergency import watch as watching
from shared_apps.emergency.models import Alarm, Measure, Peak, ReportedMessage

PEAKS_KEPT, TOLD_KEPT = timedelta(days=35), timedelta(days=365)
log = logging.getLogger(__name__)


@academy_task(name="emergency.watch")
def watch() -> None:
    """Each minute."""
    watching.look()


@academy_task(name="emergency.forget")
def forget() -> None:
    """Each night."""
    now = timezone.now()
    Peak.objects.filter(hour__lt=now - PEAKS_KEPT).delete()
    for model in (Alarm, ReportedMessage):
        model.objects.filter(created_at__lt=now - TOLD_KEPT).delete()


@academy_task(name="emergency.run_measure")
def run_measure(pk: str) -> None:
    """Commune by commune, each one written before the next: a second run does what is left."""
    row = Measure.objects.select_related("switch").get(pk=pk)
    facts = {
        "measure": str(row.pk),
        "parties": row.switch.parties,
        "uai": row.switch.code if row.switch.level == "school" else "",
        "since": row.since,
    }
    # What puts back says what it puts back: everything that measures of this switch put aside.
    if row.kind == Measure.Kind.RESTORE:
        facts["measures"] = [str(one) for one in row.switch.measures.values_list("pk", flat=True)]
    for schema in each_commune(list(row.todo)):
        _do(row, schema, facts)
    Measure.objects.filter(pk=pk).update(ended_at=timezone.now())


def _do(row: Measure, schema: str, facts: dict) -> None:
    failed: list[str] = []
    count = 0
    try:
        with in_schema(schema), transaction.atomic():
            count = registry.emergency_measures[row.kind](facts)
    except Exception as error:  # whatever happens in one commune, the others are done
        log.error("emergency.commune_failed", extra={"what": row.kind, "schema": schema, "error": type(error).__name__})
        failed = [schema]
    with transaction.atomic():
        now = Measure.objects.select_for_update().get(pk=row.pk)
        now.todo = [one for one in now.todo if one != schema]
        now.failed += failed
        now.touched = F("touched") + count
        now.save(update_fields=["todo", "failed", "touched", "updated_at"])
