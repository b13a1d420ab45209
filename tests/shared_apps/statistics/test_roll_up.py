"""Figures go up from the communes: counted inside, kept in public, without anybody's name."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import registry
from core.errors import NotInACommune
from core.tenancy import in_schema
from shared_apps.accounts.models import User
from shared_apps.notifications import outbox
from shared_apps.notifications.models import OutboxEntry
from shared_apps.statistics import services
from shared_apps.statistics.models import Rollup
from shared_apps.statistics.tasks import collect_all
from tenants.models import Commune

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def account(name: str, *, activated: bool = True) -> User:
    at = timezone.now() if activated else None
    return User.objects.create(identifier=name, first_name="A", last_name="B", password="!", activated_at=at)


def figures(insee: str) -> dict[tuple[str, str], int]:
    rows = Rollup.objects.latest_values().filter(insee=insee)
    return {(row.uai, row.metric): row.value for row in rows}


def test_an_act_in_a_commune_reaches_the_academy_by_the_outbox(narbonne):
    with in_schema(narbonne.schema_name):
        account("a.b")
        account("c.d", activated=False)
        services.request_roll_up()
        assert outbox.deliver_due() == 1
    assert figures("11262")["", "accounts"] == 2
    assert figures("11262")["", "accounts_activated"] == 1


def test_many_acts_plan_one_count(narbonne):
    with in_schema(narbonne.schema_name):
        for _turn in range(5):
            services.request_roll_up()
        assert OutboxEntry.objects.filter(kind=services.ROLL_UP).count() == 1


def test_an_act_after_a_count_plans_another(narbonne):
    with in_schema(narbonne.schema_name):
        services.request_roll_up()
        outbox.deliver_due()
        account("a.b")
        services.request_roll_up()
        assert outbox.deliver_due() == 1
    assert figures("11262")["", "accounts"] == 1


def test_an_act_that_is_undone_plans_nothing(narbonne):
    with in_schema(narbonne.schema_name):
        with pytest.raises(RuntimeError), transaction.atomic():
            services.request_roll_up()
            raise RuntimeError
        assert not OutboxEntry.objects.exists()


def test_a_roll_up_asked_in_public_is_a_fault():
    with pytest.raises(NotInACommune):
        services.request_roll_up()


def test_every_commune_is_collected_and_none_mixes_with_another(narbonne, lezignan):
    for commune, accounts in ((narbonne, 3), (lezignan, 1)):
        with in_schema(commune.schema_name):
            for n in range(accounts):
                account(f"a.{n}")
    assert collect_all.apply_async().get() == 2
    assert figures("11262")["", "accounts"] == 3
    assert figures("11203")["", "accounts"] == 1
    assert Rollup.objects.of("accounts").totals() == {"accounts": 4}


def test_a_commune_that_fails_does_not_stop_the_others(narbonne, lezignan, monkeypatch):
    def counter():
        if connection.schema_name == narbonne.schema_name:
            raise ValueError
        return {("", "tested"): 7}

    monkeypatch.setitem(registry.counters._items, "tested", counter)
    assert services.collect_all() == 1
    assert figures("11203")["", "tested"] == 7
    assert figures("11262") == {}


def test_where_nothing_is_written_any_more_nothing_is_counted_again(narbonne, lezignan):
    Commune.objects.filter(pk=narbonne.pk).update(state=Commune.State.READ_ONLY)
    assert services.collect_all() == 1
    assert figures("11262") == {}


def test_counting_twice_the_same_day_replaces(narbonne):
    for value in (3, 5):
        services.store(insee="11262", day=TODAY(), values={("0110427E", "notes_sent"): value})
    assert Rollup.objects.count() == 1
    assert figures("11262") == {("0110427E", "notes_sent"): 5}


def test_days_are_kept_and_the_last_one_is_counted():
    for ago, value in ((2, 3), (1, 5), (0, 8)):
        day = TODAY() - timedelta(days=ago)
        services.store(insee="11262", day=day, values={("", "notes_sent"): value})
    assert Rollup.objects.count() == 3
    assert Rollup.objects.of("notes_sent").totals() == {"notes_sent": 8}


def test_figures_that_arrive_late_do_not_replace_newer_ones():
    services.store(insee="11262", day=TODAY(), values={("", "notes_sent"): 8})
    services.store(insee="11262", day=TODAY() - timedelta(days=1), values={("", "notes_sent"): 5})
    assert Rollup.objects.of("notes_sent").totals() == {"notes_sent": 8}
    assert Rollup.objects.count() == 2


def test_a_school_that_left_is_not_counted_any_more():
    yesterday = TODAY() - timedelta(days=1)
    services.store(insee="11262", day=yesterday, values={("0110427E", "notes_sent"): 5, ("0110426D", "notes_sent"): 2})
    services.store(insee="11262", day=TODAY(), values={("0110426D", "notes_sent"): 3})
    assert Rollup.objects.of("notes_sent").totals() == {"notes_sent": 3}


def test_a_count_over_400_communes_is_one_query_on_the_index_of_last_values():
    rows = [
        Rollup(insee=f"{n:05}", uai="", metric="notes_sent", day=TODAY() - timedelta(days=d), value=2, is_latest=d == 0)
        for n in range(400)
        for d in range(10)
    ]
    Rollup.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE statistics_rollup" if connection.is_owner else "SELECT 1")
    with CaptureQueriesContext(connection) as queries:
        assert Rollup.objects.of("notes_sent").totals() == {"notes_sent": 800}
    assert len(queries) == 1
    plan = Rollup.objects.of("notes_sent").latest_values().explain()
    assert "rollup_one_latest" in plan
