"""What the notebook leaves in time: an observation taken back a month ago, with its photo and its sound."""

from datetime import datetime, timedelta

from django.db import transaction

from shared_apps.files import services as files
from shared_apps.files.models import StoredFile
from tenant_apps.progress_notebook.attachments import KINDS_OF
from tenant_apps.progress_notebook.models import Edition, Observation

UNDONE_FOR = timedelta(days=30)
BATCH = 200  # observations of one transaction


def forget(now: datetime) -> int:
    """In the current commune. What a family was given in a validated notebook stays. Returns how many went."""
    outdated = Observation.objects.filter(removed_at__lt=now - UNDONE_FOR).order_by("pk")
    pks = list(outdated.values_list("pk", flat=True))
    return sum(_forget(pks[n : n + BATCH], now) for n in range(0, len(pks), BATCH))


@transaction.atomic
def _forget(pks: list, now: datetime) -> int:
    """Put back in the meantime, it stays."""
    rows = Observation.objects.filter(pk__in=pks, removed_at__lt=now - UNDONE_FOR).select_for_update(of=("self",))
    gone = {row.pk for row in rows}
    held = list(StoredFile.objects.filter(purpose__in=KINDS_OF, object_id__in=gone))
    gone -= {file.object_id for file in held if Edition.objects.holding(file.pk).exists()}
    for file in held:
        if file.object_id in gone:
            files.delete(actor=None, file=file)
    Observation.objects.filter(pk__in=gone).delete()
    return len(gone)
