"""What is done in the communes: figures of use that the first page shows. Adoption is in `adoption.py`."""

from typing import Any

from shared_apps.reference.models import RefCommune
from shared_apps.statistics.models import Rollup

USAGE = ("notes_sent", "signatures", "accounts", "accounts_activated")


def usage(user: Any) -> dict[str, Any]:
    """What is done in the communes one sees, and the day it was counted."""
    seen = RefCommune.objects.visible_to(user).order_by().values("insee")
    rows = Rollup.objects.filter(insee__in=seen).of(*USAGE)
    return {"totals": dict.fromkeys(USAGE, 0) | rows.totals(), "day": rows.last_day()}
