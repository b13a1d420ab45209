"""An effect is planned with its transaction, produced after it, once, and never lost silently."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from threading import Event

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from core import registry
from core.tenancy import current_schema, in_public, in_schema
from shared_apps.notifications import outbox, tasks
from shared_apps.notifications.models import OutboxEntry


class Abandoned(Exception):
    pass


def payloads(noted):
    return [payload["n"] for payload in noted]


def plan(*numbers: int, kind: str = "test.noted", **options) -> None:
    for number in numbers:
        outbox.put(kind, key=f"key:{number}", payload={"n": number}, **options)


def test_an_effect_is_produced_when_its_transaction_ends(in_narbonne, handled, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        plan(1)
        assert handled == []
    assert payloads(handled) == [1]
    assert OutboxEntry.objects.get().delivered_at is not None


def test_an_abandoned_transaction_leaves_no_effect(in_narbonne, handled, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        with pytest.raises(Abandoned), transaction.atomic():
            plan(1)
            raise Abandoned
        plan(2)
    assert payloads(handled) == [2]


def test_the_same_key_is_produced_once(in_narbonne, handled):
    plan(1, 1)
    outbox.deliver_due()
    plan(1)
    outbox.deliver_due()
    assert payloads(handled) == [1]


def test_a_kind_that_nobody_handles_is_refused_when_it_is_planned(in_narbonne):
    with pytest.raises(LookupError):
        plan(1, kind="test.unknown")


def test_many_effects_of_a_transaction_wake_the_workers_once(in_narbonne, handled, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as wakes:
        plan(1, 2, 3)
        with transaction.atomic():
            plan(4)
    assert len(wakes) == 1


def test_each_schema_of_a_transaction_is_woken(narbonne, lezignan, handled, django_capture_on_commit_callbacks):
    where = []
    registry.outbox_handlers._items["test.noted"] = lambda payload: where.append((current_schema(), payload["n"]))
    with django_capture_on_commit_callbacks(execute=True):
        for number, schema in enumerate(("c_11262", "c_11203", "public")):
            with in_schema(schema):
                plan(number)
    assert where == [("c_11262", 0), ("c_11203", 1), ("public", 2)]


def test_a_wake_of_an_abandoned_savepoint_does_not_silence_the_next(
    in_narbonne, handled, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        with pytest.raises(Abandoned), transaction.atomic():
            plan(1)
            raise Abandoned
        plan(2)
    assert payloads(handled) == [2]


def test_an_effect_waits_for_its_hour(in_narbonne, handled):
    plan(1, not_before=timezone.now() + timedelta(hours=2))
    outbox.deliver_due()
    assert handled == []
    with time_machine.travel(timezone.now() + timedelta(hours=2, seconds=1)):
        outbox.deliver_due()
    assert payloads(handled) == [1]


# --- what goes wrong


def test_a_lost_broker_loses_nothing(in_narbonne, handled, monkeypatch, django_capture_on_commit_callbacks):
    def lost(*_args, **_options):
        raise ConnectionRefusedError

    with monkeypatch.context() as without_broker, django_capture_on_commit_callbacks(execute=True):
        without_broker.setattr(tasks.deliver, "apply_async", lost)
        plan(1)
    assert handled == []
    with in_public():
        tasks.sweep_outboxes.apply_async()
    assert payloads(handled) == [1]


def test_a_failure_puts_its_effect_off_and_no_other(in_narbonne, handled):
    plan(1, kind="test.broken")
    plan(2)
    outbox.deliver_due()
    assert payloads(handled) == [2]
    entry = OutboxEntry.objects.get(kind="test.broken")
    assert (entry.attempts, entry.error, entry.delivered_at) == (1, "ConnectionRefusedError", None)
    assert entry.not_before > timezone.now() + timedelta(seconds=20)


def test_what_a_failing_handler_wrote_is_undone(in_narbonne, handled):
    def half(_payload):
        plan(99)
        raise Abandoned

    registry.outbox_handlers._items["test.broken"] = half
    plan(1, kind="test.broken")
    outbox.deliver_due()
    assert not OutboxEntry.objects.filter(key="key:99").exists()


def test_tries_are_spaced_more_and_more_then_given_up_in_sight(in_narbonne, handled, caplog):
    plan(1, kind="test.broken")
    delays, entry = [], OutboxEntry.objects.get()
    with time_machine.travel("2026-11-24 08:00", tick=False) as clock:
        OutboxEntry.objects.update(not_before=timezone.now())
        while entry.failed_at is None:
            outbox.deliver_due()
            entry.refresh_from_db()
            delays.append((entry.not_before - timezone.now()).total_seconds())
            clock.move_to(entry.not_before)
        outbox.deliver_due()
    assert delays == [30, 60, 120, 240, 480, 960, 1920, 3600]
    assert [(r.msg, r.attempt, r.error) for r in caplog.records if r.levelname == "ERROR"] == [
        ("outbox.given_up", 8, "ConnectionRefusedError")
    ]
    assert "ferrer" not in caplog.text


def test_an_operator_sees_what_was_given_up_and_tries_again(in_narbonne, handled, django_capture_on_commit_callbacks):
    plan(1)
    OutboxEntry.objects.update(failed_at=timezone.now(), attempts=8, error="SMTPServerDisconnected")
    seen, mended = StringIO(), StringIO()
    call_command("outbox", stdout=seen)
    assert "c_11262" in seen.getvalue() and "test.noted  SMTPServerDisconnected" in seen.getvalue()
    assert handled == []
    with django_capture_on_commit_callbacks(execute=True):
        call_command("outbox", "--again", "--schema", "c_11262", stdout=mended)
    assert payloads(handled) == [1]


def test_a_worker_that_did_its_batch_asks_for_the_next(in_narbonne, handled, monkeypatch):
    monkeypatch.setattr(tasks, "BATCH", 3)
    plan(*range(10))
    tasks.deliver.apply_async()
    assert payloads(handled) == list(range(10))


def test_what_was_produced_long_ago_is_forgotten_and_what_was_given_up_is_not(in_narbonne, handled):
    plan(1, 2, 3)
    old = timezone.now() - timedelta(days=31)
    OutboxEntry.objects.filter(key="key:1").update(delivered_at=old)
    OutboxEntry.objects.filter(key="key:2").update(delivered_at=timezone.now())
    OutboxEntry.objects.filter(key="key:3").update(failed_at=old)
    with in_public():
        tasks.forget_delivered.apply_async()
    assert set(OutboxEntry.objects.values_list("key", flat=True)) == {"key:2", "key:3"}


# --- several workers


def in_a_thread(work):
    def run():
        try:
            with in_schema("c_11262"):
                return work()
        finally:
            connection.close()

    return run


def test_two_workers_produce_each_effect_once(own_database, handled):
    with in_schema("c_11262"):
        outbox.put_all("test.noted", [outbox.Effect(f"key:{n}", {"n": n}) for n in range(60)])
        OutboxEntry.objects.update(delivered_at=None)
        handled.clear()
    with ThreadPoolExecutor(3) as threads:
        workers = [threads.submit(in_a_thread(outbox.deliver_due)) for _ in range(3)]
        [worker.result() for worker in workers]
    assert sorted(payloads(handled)) == list(range(60))


def test_a_worker_passes_by_the_effect_that_another_is_producing(own_database, handled):
    begun, released = Event(), Event()

    def slow(payload):
        begun.set()
        assert released.wait(30)
        handled.append(payload)

    registry.outbox_handlers._items["test.broken"] = slow
    now = timezone.now()
    with in_schema("c_11262"):
        OutboxEntry.objects.create(kind="test.broken", key="key:1", payload={"n": 1}, not_before=now)
        OutboxEntry.objects.create(kind="test.noted", key="key:2", payload={"n": 2}, not_before=now)
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(in_a_thread(outbox.deliver_due))
        assert begun.wait(30)
        in_a_thread(outbox.deliver_due)()
        assert payloads(handled) == [2]
        released.set()
        first.result()
    assert payloads(handled) == [2, 1]
