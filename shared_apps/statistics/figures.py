"""Where the académie stands, from the reference data and the conventions in force: what the page shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Sum
from django.db.models.functions import Coalesce

from shared_apps.onboarding.models import JOINED, ConventionSchool
from shared_apps.reference.models import Department, RefCommune, RefSchool
from shared_apps.statistics.models import Rollup

USAGE = ("notes_sent", "signatures", "accounts", "accounts_activated")


@dataclass(frozen=True, slots=True)
class Standing:
    """Joined: a convention in force. Denominators: communes that have a public school, and public schools."""

    code: str
    name: str
    communes: int = 0
    communes_joined: int = 0
    schools: int = 0
    schools_joined: int = 0
    pupils: int = 0
    pupils_joined: int = 0


def by_department(user: Any) -> list[Standing]:
    """Four queries, whatever the number of communes; only what this person sees."""
    communes = RefCommune.objects.current().visible_to(user).with_public_school()
    schools = RefSchool.objects.current().public().visible_to(user)
    annexed = ConventionSchool.objects.filter(school=OuterRef("uai"), convention__case__state__in=JOINED)
    schools_in = schools.filter(Exists(annexed))
    all_communes = _counts(communes, "department_code")
    joined = _counts(communes.filter(case__state__in=JOINED), "department_code")
    all_schools = _schools(schools)
    joined_schools = _schools(schools_in)
    return [
        Standing(
            code,
            name,
            communes=all_communes[code],
            communes_joined=joined.get(code, 0),
            schools=all_schools.get(code, (0, 0))[0],
            schools_joined=joined_schools.get(code, (0, 0))[0],
            pupils=all_schools.get(code, (0, 0))[1],
            pupils_joined=joined_schools.get(code, (0, 0))[1],
        )
        for code, name in Department.choices
        if code in all_communes
    ]


def total(rows: Iterable[Standing], name: str) -> Standing:
    rows = list(rows)
    fields = ("communes", "communes_joined", "schools", "schools_joined", "pupils", "pupils_joined")
    return Standing("", name, **{field: sum(getattr(row, field) for row in rows) for field in fields})


def to_call_next(user: Any, *, limit: int = 5) -> list[RefCommune]:
    """The largest communes that have a public school and no convention in force."""
    rows = RefCommune.objects.current().visible_to(user).with_public_school().exclude(case__state__in=JOINED)
    return list(rows.order_by("-population", "insee")[:limit])


def usage(user: Any) -> dict[str, Any]:
    """What is done in the communes one sees, and the day it was counted."""
    seen = RefCommune.objects.visible_to(user).order_by().values("insee")
    rows = Rollup.objects.filter(insee__in=seen).of(*USAGE)
    return {"totals": dict.fromkeys(USAGE, 0) | rows.totals(), "day": rows.last_day()}


def _counts(rows: Any, field: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(field).annotate(n=Count("pk")))


def _schools(rows: Any) -> dict[str, tuple[int, int]]:
    found = rows.order_by().values_list("commune__department_code")
    return {code: (n, pupils) for code, n, pupils in found.annotate(n=Count("pk"), pupils=Coalesce(Sum("pupils"), 0))}
