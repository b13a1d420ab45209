"""Weeks of visits in the demo's communes: drawn from the size of each school, the same for everybody."""

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db.models import Count

from core.tenancy import in_public, in_schema
from shared_apps.statistics.usage import services as academy
from shared_apps.statistics.usage.tally import Tally
from tenant_apps.people.models import Enrollment
from tenant_apps.usage import services
from tenant_apps.usage.models import CountedDay

# profile → (how many per pupil, share of them who come on a school day, visits of each, services they open)
PROFILES = {
    "guardian": (1.4, 0.24, 1.3, {"home": 0.9, "liaison": 0.7, "people": 0.2, "accounts": 0.1}),
    "teacher": (0.05, 0.85, 2.4, {"home": 0.9, "liaison": 0.6, "people": 0.5}),
    "head": (0.006, 1, 4, {"home": 1, "people": 0.8, "liaison": 0.4, "imports": 0.2, "rights": 0.1}),
    "pupil": (0.5, 0.2, 1.1, {"home": 1}),
    "municipal": (0.006, 0.7, 1.5, {"home": 1, "people": 0.6}),
}
# Before school, at lunch, when it ends, in the evening.
HOURS = {7: 6, 8: 14, 9: 5, 10: 4, 11: 5, 12: 9, 13: 7, 14: 4, 15: 4, 16: 9, 17: 11, 18: 9, 19: 8, 20: 9, 21: 5, 22: 2}
DEVICES = {"phone": 63, "desktop": 27, "tablet": 10}
WEEKEND = 0.12


def seed(schemas: Iterable[str], school_days: list[date]) -> None:
    """From the first of these days to yesterday. Today is counted for real. Safe to repeat."""
    days = list(_days(min(school_days), max(school_days)))
    months: dict[date, set[str]] = {}
    for schema in schemas:
        with in_schema(schema):
            if CountedDay.objects.exists():
                continue
            _seed_commune(schema, days, set(school_days))
        for day in days:
            months.setdefault(day.replace(day=1), set()).add(services.insee_of(schema))
    with in_public():
        for month, communes in months.items():
            academy.sum_month(month, communes)


def _days(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days):
        yield first + timedelta(days=n)


def _seed_commune(schema: str, days: list[date], school_days: set[date]) -> None:
    rows = Enrollment.objects.on().order_by().values_list("school_class__school__uai")
    pupils = dict(rows.annotate(count=Count("pk")))
    dice = random.Random(schema)  # noqa: S311  (a drawing, not a secret)
    found = {}
    for place, day in enumerate(days):
        # The ENT is new in September: more people come every week.
        ease = (1 if day in school_days else WEEKEND) * (0.6 + 0.4 * place / len(days))
        found[day] = {uai: _a_day(dice, count, ease) for uai, count in sorted(pupils.items())}
    services.keep_days(found)


def _a_day(dice: random.Random, pupils: int, ease: float) -> Tally:
    tally = Tally()
    for profile, (per_pupil, share, each, opened) in PROFILES.items():
        visitors = round(max(1, pupils * per_pupil) * share * ease * dice.uniform(0.8, 1.2))
        visits = round(visitors * each * dice.uniform(0.95, 1.1))
        if not visitors:
            continue
        tally.visits, tally.visitors = tally.visits + visits, tally.visitors + visitors
        tally.connections += round(visits * 0.7)
        tally.cells.update({f"p/{profile}": visits, f"u/{profile}": visitors})
        for service, part in opened.items():
            tally.cells.update({f"s/{profile}/{service}": round(visits * part)})
            tally.cells.update({f"v/{profile}/{service}": round(visitors * part)})
    _spread(dice, tally, "h", {f"{hour:02}": weight for hour, weight in HOURS.items()})
    _spread(dice, tally, "d", DEVICES)
    return tally


def _spread(dice: random.Random, tally: Tally, kind: str, weights: dict[str, int]) -> None:
    for name in dice.choices(list(weights), list(weights.values()), k=tally.visits):
        tally.cells[f"{kind}/{name}"] += 1
