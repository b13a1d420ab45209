"""What is done in the communes: figures of use that the first page shows. Adoption is in `adoption.py`."""

from typing import Any

from django.db.models import Max, Sum

from shared_apps.reference.models import RefCommune
from shared_apps.statistics.models import Rollup

USAGE = ("notes_sent", "signatures", "accounts", "accounts_activated")


def usage(user: Any) -> dict[str, Any]:
    """What is done in the communes one sees, and the day it was counted. One query."""
    seen = RefCommune.objects.visible_to(user).order_by().values("insee")
    rows = Rollup.objects.filter(insee__in=seen).of(*USAGE).latest_values().order_by().values_list("metric")
    found = list(rows.annotate(total=Sum("value"), last=Max("day")))
    totals = dict.fromkeys(USAGE, 0) | {metric: total for metric, total, _last in found}
    return {"totals": totals, "day": max((last for _metric, _total, last in found), default=None)}
