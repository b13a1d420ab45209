"""« Qui appeler ensuite »: communes that have not joined, in an order that says its reasons.

Pupils weigh most (twice as many pupils, ten points), then the neighbours of the same intercommunalité that have joined
(forty points if all have), then how far the case is; a call of the last two weeks puts a commune back.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.words import figure
from shared_apps.onboarding import in_force
from shared_apps.onboarding.models import Case
from shared_apps.reference.models import Department, RefCommune, RefSchool

State = Case.State
PER_DOUBLING, PER_NEIGHBOURS = 10, 40
JUST_CALLED, LONG_AGO = 14, 30  # days
UNDER_WAY = {State.DRAFTED: 15, State.DELIBERATED: 25, State.SIGNED_BY_COMMUNE: 35}
SET_ASIDE = (State.EXPIRED, State.ARCHIVED, State.TERMINATED, State.SUSPENDED)


@dataclass(slots=True)
class Call:
    commune: RefCommune
    points: float = 0
    reasons: list[str] = field(default_factory=list)

    def add(self, points: float, reason: str) -> None:
        self.points += points
        self.reasons.append(reason)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the order is made of. `neighbours`: EPCI → communes that joined, communes that have a public school."""

    joined: set[str]
    pupils: dict[str, list[int]]  # of each school of a commune
    neighbours: dict[str, tuple[int, int]]


def next_calls(user: Any, *, department: str = "", limit: int | None = None, facts: Facts | None = None) -> list[Call]:
    """A number of queries that doesn't grow. `facts`: for who has read the whole académie already."""
    facts = facts or _facts(user)
    seen = RefCommune.objects.current().visible_to(user).with_public_school()
    if department in Department.values:
        seen = seen.of_department(department)
    waiting = seen.exclude(insee__in=facts.joined).select_related("case").order_by("sort_name", "insee")
    calls = [_call(commune, facts.pupils, facts.neighbours) for commune in waiting]
    calls.sort(key=lambda call: (-call.points, call.commune.sort_name, call.commune.insee))
    return calls[:limit]


def _facts(user: Any) -> Facts:
    joined = set(in_force.joined_communes().values_list("case__commune", flat=True))
    rows = RefCommune.objects.current().with_public_school().order_by().values_list("insee", "epci_code")
    schools = RefSchool.objects.current().public().visible_to(user).order_by().values_list("commune_id", "pupils")
    return Facts(joined, pupils_of(schools), neighbours_of(rows, joined))


def pupils_of(schools: Iterable[tuple[str, int | None]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for insee, pupils in schools:
        found.setdefault(insee, []).append(pupils or 0)
    return found


def neighbours_of(communes: Iterable[tuple[str, str]], joined: set[str]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for insee, epci in communes:
        if epci:
            inside, whole = found.get(epci, (0, 0))
            found[epci] = (inside + (insee in joined), whole + 1)
    return found


def _call(commune: RefCommune, schools: dict[str, list[int]], neighbours: dict[str, tuple[int, int]]) -> Call:
    call = Call(commune)
    _weigh_pupils(call, schools.get(commune.insee, []))
    inside, whole = neighbours.get(commune.epci_code, (0, 0))
    if inside:
        words = {"n": inside, "all": whole, "epci": commune.epci_name}
        text = ngettext(
            "%(n)d commune sur %(all)d de %(epci)s a rejoint",
            "%(n)d communes sur %(all)d de %(epci)s ont rejoint",
            inside,
        )
        call.add(PER_NEIGHBOURS * inside / whole, text % words)
    _weigh_case(call, getattr(commune, "case", None), timezone.localdate())
    return call


def _weigh_pupils(call: Call, pupils: list[int]) -> None:
    schools = ngettext("%(n)s école", "%(n)s écoles", len(pupils)) % {"n": figure(len(pupils))}
    total = sum(pupils)
    words = ngettext("%(schools)s, %(n)s élève", "%(schools)s, %(n)s élèves", total)
    call.add(PER_DOUBLING * math.log2(total + 1), words % {"schools": schools, "n": figure(total)})


def _weigh_case(call: Call, case: Case | None, today: date) -> None:
    if case is None or case.state == State.PROSPECT:
        call.add(5, _("jamais contactée"))
        return
    days = (today - case.state_since).days
    words = {"days": figure(days), "state": case.get_state_display()}
    if case.state in SET_ASIDE:
        call.add(0, _("adhésion %(state)s") % words)
    elif case.state in UNDER_WAY:
        call.add(UNDER_WAY[State(case.state)], _("%(state)s : reste à signer") % words)
    elif days <= JUST_CALLED:
        text = ngettext("contactée il y a %(days)s jour", "contactée il y a %(days)s jours", days)
        call.add(-30, text % words if days else _("contactée aujourd’hui"))
    else:
        text = (
            _("contactée il y a %(days)s jours, sans suite")
            if days > LONG_AGO
            else _("contactée il y a %(days)s jours")
        )
        call.add(10 if days > LONG_AGO else 0, text % words)
