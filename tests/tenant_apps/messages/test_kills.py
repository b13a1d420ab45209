"""SIGKILL in the middle of sendings: nothing is lost, nothing is written twice."""

import os
import random
import signal
from collections import Counter

import pytest
from django.db import connection
from time_machine import travel

from core.tenancy import in_schema
from shared_apps.notifications import outbox, tasks
from shared_apps.notifications.models import Notification, OutboxEntry
from tenant_apps.messages import delivery
from tenant_apps.messages.models import Copy, Message
from tests.tenant_apps.liaison import factories as school
from tests.tenant_apps.messages import factories

SCHEMA = "c_11262"
KILLS = 12
MESSAGES = 6


def deliver_until(statement: int) -> int:
    """A worker that dies just before it sends its n-th statement. Returns how its process ended."""
    left = [statement]

    def die(execute, sql, params, many, context):
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    connection.close()
    child = os.fork()
    if child == 0:
        try:
            with connection.execute_wrapper(die), in_schema(SCHEMA):
                outbox.deliver_due()
        finally:
            os._exit(0)  # whatever happened: the child must not go on with the suite
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_worker_killed_at_random_loses_nothing_and_writes_nothing_twice(own_database, monkeypatch):
    monkeypatch.setattr(tasks, "wake", lambda: None)  # the workers of this test are its own
    with travel("2026-11-24 09:30:00+01:00"), in_schema(SCHEMA):
        room = school.classroom()
        for number in range(MESSAGES):
            factories.queued(room.teacher, f"guardians:{room.school_class.pk}", subject=str(number))
        rng = random.Random(6)
        ends = Counter(deliver_until(rng.randrange(2, 90)) for _turn in range(KILLS))
        assert ends[-signal.SIGKILL] > KILLS / 2
        factories.deliver()
        assert set(Message.objects.values_list("state", "reached")) == {("sent", 5)}
        assert Counter(Copy.objects.received().values_list("message", flat=True)) == dict.fromkeys(
            Message.objects.values_list("pk", flat=True), 5
        )
        assert Copy.objects.filter(is_mine=True).count() == MESSAGES
        assert Notification.objects.filter(kind="messaging.received").count() == 5 * MESSAGES
        assert not OutboxEntry.objects.pending().exists()


@pytest.mark.django_db
def test_the_same_effect_a_second_time_changes_nothing(room):
    message = factories.sent(room.teacher, f"guardians:{room.school_class.pk}")
    delivery.deliver(OutboxEntry.objects.get(kind=delivery.DELIVER).payload)
    message.refresh_from_db()
    assert message.reached == Copy.objects.received().count() == 5
    assert Notification.objects.filter(kind="messaging.received").count() == 5
