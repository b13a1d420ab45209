"""The history of the demo: a file of adhesions with the figures of the press release, made of real schools.

Nobody published which communes joined in 2020: these were drawn. The draw hangs on the codes alone, so that everybody
gets the same.
"""

import csv
import hashlib
import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from core.csvs import csv_bytes
from core.tenancy import in_public
from shared_apps.onboarding import in_force
from shared_apps.onboarding.models import Case, Convention
from shared_apps.onboarding.services import adhesions
from shared_apps.reference.loading import KINDS, SHIPPED
from shared_apps.statistics.targets import set_target

# département → communes, schools: 384 and 612 in all, « Aude : 67 communes, 95 écoles ».
TARGETS = {"11": (67, 95), "30": (108, 176), "34": (122, 214), "48": (21, 26), "66": (66, 101)}
DAYS = 800
TARGET = 450  # communes, by the next year’s September
Schools = dict[str, list[str]]  # insee → UAIs


def scenario(
    rows: Iterable[dict[str, str]], today: date, *, joined: Schools | None = None, others: Collection[str] = ()
) -> list[tuple[str, date]]:
    """(uai, date) of the schools that joined, from rows of the official file. `joined` are among them as they are, as
    far as the totals allow; the communes of `others` are not.
    """
    places: dict[str, Schools] = {code: defaultdict(list) for code in TARGETS}
    for row in sorted(rows, key=lambda row: row["uai"]):
        if row["secteur"] == "public" and row["code_insee"] not in others:
            places[row["code_departement"]][row["code_insee"]].append(row["uai"])
    found = []
    for code, (communes, schools) in TARGETS.items():
        fixed = _that_fit({i: uais for i, uais in (joined or {}).items() if i in places[code]}, communes, schools)
        drawn = _drawn(
            {insee: uais for insee, uais in places[code].items() if insee not in fixed},
            communes - len(fixed),
            schools - sum(map(len, fixed.values())),
        )
        found += _dated(fixed | drawn, today)
    return sorted(found, key=lambda pair: (pair[1], pair[0]))


def _that_fit(joined: Schools, communes: int, schools: int) -> Schools:
    """Each of the other communes must have a school left."""
    fixed: Schools = {}
    for insee, uais in joined.items():
        if 0 < communes - 1 <= schools - len(uais):
            fixed[insee] = uais
            communes, schools = communes - 1, schools - len(uais)
    return fixed


def _drawn(places: Schools, communes: int, schools: int) -> Schools:
    """As many communes as asked, with one school each; then more of their schools until there are enough."""
    order = sorted(places, key=_draw)
    drawn, rest = order[:communes], sorted(order[communes:], key=lambda insee: -len(places[insee]))
    while rest and sum(len(places[insee]) for insee in drawn) < schools:
        drawn.remove(min(drawn, key=lambda insee: (len(places[insee]), insee)))
        drawn.append(rest.pop(0))
    chosen = {insee: places[insee][:1] for insee in drawn}
    more = sorted(((uai, insee) for insee in drawn for uai in places[insee][1:]), key=lambda pair: _draw(pair[0]))
    for uai, insee in more[: schools - len(drawn)]:
        chosen[insee].append(uai)
    return chosen


def _dated(chosen: Schools, today: date) -> list[tuple[str, date]]:
    """Slowly at first; later schools of a commune within half a year of its first one."""
    found = []
    for insee, uais in chosen.items():
        first = today - timedelta(days=round(DAYS * (1 - math.sqrt(_draw(f"date {insee}")))))
        for rank, uai in enumerate(uais):
            day = first if rank == 0 else first + timedelta(days=round(180 * _draw(uai)) if rank > 1 else 0)
            found.append((uai, min(day, today)))
    return found


def _draw(key: str) -> float:
    """Between 0 and 1, always the same for a key."""
    return int(hashlib.sha256(key.encode()).hexdigest()[:12], 16) / 16**12


def as_file(pairs: Iterable[tuple[str, date]]) -> bytes:
    return csv_bytes([("uai", "date"), *((uai, day.isoformat()) for uai, day in pairs)])


def official_rows() -> list[dict[str, str]]:
    """None when the académie's file isn't there: what ships describes three communes only."""
    path = KINDS["schools"].path()
    if path.parent == SHIPPED:
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def seed(today: date) -> None:
    """Loaded once, with the communes that the demo shows as joined, as far as the totals allow."""
    rows = official_rows()
    with in_public():
        if rows and not Convention.objects.filter(kind=Convention.Kind.IMPORTED).exists():
            joined = _joined()
            others = set(Case.objects.values_list("commune", flat=True)) - joined.keys()
            data = as_file(scenario(rows, today, joined=joined, others=others))
            adhesions.load_adhesions(actor=None, data=data)
            set_target(actor=None, department="", communes=TARGET, due_on=date(today.year + 1, 9, 1))


def _joined() -> Schools:
    """By the conventions in force, the oldest cases first."""
    found: Schools = defaultdict(list)
    rows = Convention.objects.filter(pk__in=in_force.on().values("pk")).order_by("created_at", "pk")
    for insee, uai in rows.values_list("case__commune", "annexed_schools__school"):
        found[insee].append(uai)
    return {insee: sorted(uais) for insee, uais in found.items()}


def marking() -> set[Any]:
    """The cases that are there before the demo is peopled: those that come after are its own."""
    with in_public():
        return set(Case.objects.values_list("pk", flat=True))


def mark(before: set[Any]) -> None:
    with in_public():
        Case.objects.filter(imported_on=None).exclude(pk__in=before).update(is_demo=True)
