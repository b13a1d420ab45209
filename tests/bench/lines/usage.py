"""Usage: the statistics page over two years of many communes, the nightly roll-up, what counting costs a page."""

import statistics
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock

from tests.bench import communes
from tests.bench.table import Line, at_most, timed, times_faster
from tests.bench.world import World

MONTH = date(2026, 10, 1)
FIRST = date(2024, 11, 1)  # two years, with the one of MONTH
LAST = date(2026, 10, 31)
DAYS = (LAST - FIRST).days + 1
TURNS = 10
PROFILES = ("guardian", "teacher", "head", "pupil")
SERVICES = ("home", "liaison", "people", "accounts")


def run(world: World) -> list[Line]:
    small, large = world.size(1500, 300), world.size(5000, 1500)
    page, plain = _pages(small), _ask_each_commune(world.size(400, 60))
    lines = [
        at_most(f"statistics page, {small} communes, two years of days, p95", page["p95"], "ms", 100),
        at_most("same, queries", page["queries"], "per page", 10),
        times_faster(f"same, beside {world.size(400, 60)} communes asked in turn", page["p95"], plain, "ms", 2),
        *_roll_up(world),
    ]
    page = _pages(large)
    return [
        *lines,
        at_most(f"statistics page, {large} communes, two years of days, p95", page["p95"], "ms", 100),
        at_most(f"months of {large} communes summed", page["sum"] / 1000, "s", large / 100),
        at_most("counting a visit, in the request", _cost_of_counting(), "ms", 0.2),
    ]


def _pages(count: int) -> dict[str, float]:
    """Milliseconds over the pages of each kind of perimeter, as a statistician opens them."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from core.tenancy import in_public
    from shared_apps.statistics.usage import services

    with in_public():
        _fill(count)
        seconds = timed(lambda: services.sum_month(MONTH))
        _analyse()
        browser, paths = _statistician(), _paths()
        with mock.patch("django.utils.timezone.localdate", return_value=LAST):
            for path in paths:
                _open(browser, path)
            times = sorted(timed(lambda path=path: _open(browser, path)) for path in paths for _turn in range(TURNS))
            queries = 0
            for path in paths:
                with CaptureQueriesContext(connection) as asked:
                    _open(browser, path)
                queries = max(queries, len(asked))
    return {"p95": times[int(0.95 * len(times))], "queries": queries, "sum": seconds}


def _open(browser: Any, path: str) -> None:
    response = browser.get(path)
    if response.status_code != 200 or "octobre 2026" not in response.content.decode():
        raise RuntimeError(f"{path}: {response.status_code}")


def _paths() -> list[str]:
    from django.conf import settings
    from django.urls import set_urlconf

    from shared_apps.reference.models import RefSchool
    from shared_apps.statistics.models import UsageMonth
    from shared_apps.statistics.usage import perimeters

    set_urlconf(settings.PUBLIC_SCHEMA_URLCONF)
    found = [perimeters.url_of("academy", "") + end for end in ("", "?par=commune", "?par=commune&page=3")]
    for level in ("department", "district", "commune", "school"):
        codes = UsageMonth.objects.filter(level=level, month=MONTH, insee__lt="12")
        if level == "school":
            codes = codes.filter(code__in=RefSchool.objects.values("uai"))
        found += [perimeters.url_of(level, code) for code in codes.order_by("code").values_list("code", flat=True)[:3]]
    return found


def _statistician() -> Any:
    from django.conf import settings
    from django.test import Client

    from shared_apps.accounts.models import StaffRole, User
    from shared_apps.accounts.sessions import SECOND_FACTOR_KEY
    from tests.support.sign_in import sign_in

    settings.ALLOWED_HOSTS = ["*"]
    facts = {"first_name": "Amina", "last_name": "Haddad", "password": "!"}
    user, is_new = User.objects.get_or_create(identifier="amina.haddad", defaults=facts)
    if is_new:
        StaffRole.objects.create(user=user, role=StaffRole.Role.STATISTICIAN)
    browser = Client(headers={"host": settings.ENT_ACADEMY_HOST})
    browser.defaults["wsgi.url_scheme"] = "https"
    sign_in(browser, settings.ENT_ACADEMY_HOST, user, **{SECOND_FACTOR_KEY: True})
    return browser


def _fill(count: int) -> None:
    """A school a commune, every day of two years, with the same cells; and the months that were summed meanwhile."""
    import json

    from django.core.management import call_command
    from django.db import connection

    from shared_apps.reference.models import RefCommune

    if not RefCommune.objects.exists():
        call_command("reference", "load", apply=True, verbosity=0)
    schools = _schools(count)
    cells = json.dumps(_cells())
    facts = [[uai, insee, department, district] for uai, insee, department, district in schools]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM statistics_usageday")
        cursor.execute("DELETE FROM statistics_usagemonth")
        cursor.execute(_INSERT_DAYS, {"rows": json.dumps(facts), "cells": cells, "first": FIRST, "last": LAST})
        for level in ("school", "commune", "district", "department", "academy"):
            values = {"rows": json.dumps(facts), "cells": cells, "first": FIRST, "last": MONTH, "level": level}
            cursor.execute(_INSERT_MONTHS[level], values)


def _schools(count: int) -> list[tuple[str, str, str, str]]:
    """Those of the reference data first, then invented ones."""
    from shared_apps.reference.models import District, RefCommune, RefSchool

    districts = list(District.objects.order_by("uai").values_list("uai", flat=True)) or [""]
    known = dict(RefSchool.objects.order_by("-uai").values_list("commune_id", "uai"))
    rows = list(RefCommune.objects.order_by("insee").values_list("insee", "department_code"))[:count]
    rows += [(f"9{n:04}", "34") for n in range(count - len(rows))]
    return [
        (known.get(insee, f"99{n:05}A"), insee, department, districts[n % len(districts)])
        for n, (insee, department) in enumerate(rows)
    ]


def _cells() -> dict[str, int]:
    found = {f"{kind}/{profile}": 60 for kind in "pu" for profile in PROFILES}
    found |= {f"{kind}/{profile}/{name}": 20 for kind in "sv" for profile in PROFILES for name in SERVICES}
    return found | {f"h/{hour:02}": 16 for hour in range(7, 22)} | {"d/phone": 140, "d/desktop": 70, "d/tablet": 30}


_FROM = """
FROM jsonb_array_elements(%(rows)s::jsonb) AS school(row)
"""
_INSERT_DAYS = f"""
INSERT INTO statistics_usageday (id, created_at, updated_at, visits, visitors, connections, cells, insee, uai, day)
SELECT gen_random_uuid(), now(), now(), 240, 180, 150, %(cells)s::jsonb, row ->> 1, row ->> 0, day
{_FROM}, generate_series(%(first)s::date, %(last)s::date, '1 day') AS day
"""
_INSERT_COUNTED = """
INSERT INTO usage_countedday (id, created_at, updated_at, visits, visitors, connections, cells, uai, day)
SELECT gen_random_uuid(), now(), now(), 240, 180, 150, %(cells)s::jsonb, '0110001A', day
FROM generate_series(%(first)s::date, %(last)s::date, '1 day') AS day
ON CONFLICT DO NOTHING
"""
_MONTHS = """
INSERT INTO statistics_usagemonth (id, created_at, updated_at, visits, visitors, connections, cells, level, code, month,
  days, pupils, schools, department, district, insee)
SELECT gen_random_uuid(), now(), now(), 7200, 5400, 4500, %(cells)s::jsonb, %(level)s, {code}, month, 30,
  80 + (hashtext({code}) %% 40), 1, {department}, {district}, {insee}
FROM (SELECT DISTINCT {columns} {source}) AS school,
  generate_series(%(first)s::date, %(last)s::date - 1, '1 month') AS month
"""


def _months(code: str, **places: str) -> str:
    names = {"uai": 0, "insee": 1, "department": 2, "district": 3}
    columns = ", ".join(
        f"row ->> {place} AS {name}" for name, place in names.items() if name in {code, *places.values()}
    )
    values = {name: places.get(name, "''") for name in ("department", "district", "insee")}
    return _MONTHS.format(code=code, columns=columns or "1 AS one", source=_FROM, **values)


_INSERT_MONTHS = {
    "school": _months("uai", department="department", district="district", insee="insee"),
    "commune": _months("insee", department="department", insee="insee"),
    "district": _months("district", district="district"),
    "department": _months("department", department="department"),
    "academy": _months("''"),
}


def _analyse() -> None:
    """What autovacuum does a minute later."""
    from django.db import connection

    from provisioning.sessions import owner

    with owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE statistics_usageday, statistics_usagemonth")


def _ask_each_commune(count: int) -> float:
    """The ordinary way: what the page shows is asked of each commune in turn, which holds its own two years of days."""
    from django.db.models import Sum
    from django.db.models.functions import TruncMonth

    from core.tenancy import in_schema
    from shared_apps.statistics.usage.tally import Tally
    from tenant_apps.usage.models import CountedDay

    schemas = communes.lay(count)
    for schema in schemas:
        _fill_days_of(schema)

    def ask() -> None:
        total = Tally()
        for schema in schemas:
            with in_schema(schema):
                months = CountedDay.objects.annotate(month=TruncMonth("day")).values("month").order_by("month")
                list(months.annotate(Sum("visits"), Sum("visitors"), Sum("connections")))
                for row in CountedDay.objects.filter(day__range=(MONTH, LAST)):
                    total.add_day(row)

    ask()
    return timed(ask)


def _fill_days_of(schema: str) -> None:
    import json

    from django.db import connection

    from core.tenancy import in_schema

    with in_schema(schema), connection.cursor() as cursor:
        cursor.execute(_INSERT_COUNTED, {"cells": json.dumps(_cells()), "first": FIRST, "last": LAST})
        cursor.execute("ANALYZE usage_countedday")


def _roll_up(world: World) -> list[Line]:
    """A night: each commune's day counted, kept, sent up, its month summed. A quarter of the communes, then all."""
    count = world.size(400, 60)
    quarter, whole = _night(count // 4), _night(count)
    return [
        at_most(f"nightly roll-up of {count} communes", whole / 1000, "s", 60),
        at_most("same, a commune among all beside one among a quarter", whole / (4 * quarter), "×", 1.15),
    ]


def _night(count: int) -> float:
    from django.utils import timezone

    from core.tenancy import in_public
    from tenant_apps.usage import services, trail

    yesterday, schemas = timezone.localdate() - timedelta(days=1), communes.lay(count)
    for n, schema in enumerate(schemas):
        members = {
            f"v|{n:07}A|{profile}|{service}|{slot}|phone|{who}"
            for who, profile in enumerate(PROFILES * 20)
            for slot, service in enumerate(SERVICES, start=16)
        }
        trail.store().add(schema, yesterday, members)
    with in_public(), mock.patch.object(services, "_laid", return_value=schemas):
        return timed(services.roll_up_all)


def _cost_of_counting() -> float:
    """Milliseconds of the middleware around a page that is already answered; the sending is elsewhere."""
    from django.http import HttpResponse

    from core.tenancy import in_schema
    from tenant_apps.usage import buffer
    from tenant_apps.usage.middleware import usage_middleware

    page = usage_middleware(lambda _request: HttpResponse("x"))
    request = SimpleNamespace(
        method="GET",
        headers={"User-Agent": "Mozilla/5.0 (Linux; Android 14) Mobile"},
        profile="guardian",
        counted_in="0110427E",
        resolver_match=SimpleNamespace(app_name="liaison"),
        user=SimpleNamespace(pk=1),
        session={"opened_at": "2026-11-24T08:00:00+00:00"},
    )
    with in_schema(communes.lay(1)[0]), mock.patch.object(buffer, "_start"):
        found = statistics.median(timed(lambda: page(request)) for _turn in range(2000))
    buffer.flush()
    return found
