"""Where the académie stands, from the reference data and the conventions in force: what the page shows."""

from collections.abc import Iterable
from typing import Any

from shared_apps.onboarding import in_force
from shared_apps.reference.models import RefCommune
from shared_apps.statistics.adoption import Adoption, Standing
from shared_apps.statistics.models import Rollup

USAGE = ("notes_sent", "signatures", "accounts", "accounts_activated")


def by_department(user: Any) -> list[Standing]:
    """A number of queries that doesn't grow; only what this person sees."""
    return Adoption(user).by_department()


def total(rows: Iterable[Standing], name: str) -> Standing:
    rows = list(rows)
    fields = ("communes", "communes_joined", "schools", "schools_joined", "pupils", "pupils_joined")
    return Standing("", name, **{field: sum(getattr(row, field) for row in rows) for field in fields})


def to_call_next(user: Any, *, limit: int = 5) -> list[RefCommune]:
    """The largest communes that have a public school and no convention in force."""
    rows = RefCommune.objects.current().visible_to(user).with_public_school()
    rows = rows.exclude(insee__in=in_force.joined_communes())
    return list(rows.order_by("-population", "insee")[:limit])


def usage(user: Any) -> dict[str, Any]:
    """What is done in the communes one sees, and the day it was counted."""
    seen = RefCommune.objects.visible_to(user).order_by().values("insee")
    rows = Rollup.objects.filter(insee__in=seen).of(*USAGE)
    return {"totals": dict.fromkeys(USAGE, 0) | rows.totals(), "day": rows.last_day()}
