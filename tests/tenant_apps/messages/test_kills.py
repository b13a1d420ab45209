"""SIGKILL in the middle of sendings: nothing is lost, nothing is written twice. What left already may leave again."""

import os
import random
import re
import signal
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone
from time_machine import travel

from core.tenancy import in_schema
from shared_apps.accounts.models import Device
from shared_apps.notifications import mail, outbox, push, tasks
from shared_apps.notifications.models import Notification, OutboxEntry
from tenant_apps.messages import delivery
from tenant_apps.messages.models import Copy, Message
from tests.shared_apps.notifications.test_push import Service, service_key
from tests.tenant_apps.liaison import factories as school
from tests.tenant_apps.messages import factories

COMMUNES = {"c_11262": "0110357D", "c_11203": "0110358E"}
KILLS = 50
MESSAGES = 12
PARENTS = 5
STATEMENTS = range(2, 30)  # before which of them a worker dies


class Journal:
    """The calls of a push service that lives in another process."""

    def __init__(self, path) -> None:
        self.path = path

    def append(self, call) -> None:
        path, headers, _body = call
        topic = {name.lower(): value for name, value in headers.items()}["topic"]
        with open(self.path, "a") as file:
            file.write(f"{path} {topic}\n")

    def lines(self) -> list[str]:
        return self.path.read_text().splitlines()


@pytest.fixture
def service(settings, tmp_path):
    """Forked before anything else, as its threads must not be in the workers."""
    settings.ENT_PUSH_KEY = service_key()
    server = Service()
    server.calls = Journal(tmp_path / "calls")
    settings.ENT_PUSH_SERVICES = [server.origin]
    child = forked(server.serve_forever)
    yield server
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    server.server_close()


@pytest.fixture
def mails(settings, tmp_path):
    """The folder where mails are sent to."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mails"
    return settings.EMAIL_FILE_PATH


def forked(work: Callable[[], object]) -> int:
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)  # whatever happened: the child must not go on with the suite
    return child


def deliver_until(schema: str, statement: int) -> int:
    """A worker that dies just before it sends its n-th statement. Returns how its process ended."""
    left = [statement]

    def die(execute, sql, params, many, context):
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    def work():
        with connection.execute_wrapper(die), in_schema(schema):
            outbox.deliver_due()

    return os.waitstatus_to_exitcode(os.waitpid(forked(work), 0)[1])


def prepare(schema: str, uai: str, service: Service) -> None:
    """Messages to the parents of a class, each called on a telephone too."""
    room = school.classroom(uai=uai)
    for number, user in enumerate(room.guardians.values()):
        facts = {"token_digest": f"{number:0>64}", "session_key": "s", "last_seen_at": timezone.now()}
        device = Device.objects.create(user=user, **facts)
        push.subscribe(device, endpoint=f"{service.origin}/{schema}/{number}", **service.keys)
    for number in range(MESSAGES):
        factories.queued(room.teacher, f"guardians:{room.school_class.pk}", subject=str(number))


def check_tables() -> None:
    assert set(Message.objects.values_list("state", "reached")) == {("sent", PARENTS)}
    each = dict.fromkeys(Message.objects.values_list("pk", flat=True), PARENTS)
    assert Counter(Copy.objects.received().values_list("message", flat=True)) == each
    assert Copy.objects.filter(is_mine=True).count() == MESSAGES
    assert Notification.objects.filter(kind="messaging.received").count() == PARENTS * MESSAGES
    effects = Counter(OutboxEntry.objects.order_by().values_list("kind", flat=True))
    assert effects[delivery.DELIVER] == MESSAGES
    assert effects["notifications.mail"] == effects[push.KIND] == PARENTS * MESSAGES
    assert not OutboxEntry.objects.filter(delivered_at=None).exists()


def test_fifty_workers_killed_at_random_lose_nothing_and_write_nothing_twice(service, mails, own_database, monkeypatch):
    monkeypatch.setattr(tasks, "wake", lambda: None)  # the workers of this test are its own
    with travel("2026-11-24 09:30:00+01:00"):
        for schema, uai in COMMUNES.items():
            with in_schema(schema):
                prepare(schema, uai, service)
        rng, written = random.Random(6), set()
        ends = [deliver_until(rng.choice(list(COMMUNES)), rng.choice(STATEMENTS)) for _turn in range(KILLS)]
        for schema in COMMUNES:
            with in_schema(schema):
                factories.deliver()
                check_tables()
                written |= {mail.message_id(key) for key in Notification.objects.values_list("key", flat=True)}
    sent = re.findall(r"^Message-ID: (\S+)", "".join(p.read_text() for p in mails.iterdir()), re.MULTILINE)
    assert set(sent) == written
    called = service.calls.lines()
    assert len(set(called)) == len(written)
    assert set(ends) == {-signal.SIGKILL}  # none came to the end of the work
    assert len(sent) - len(written) + len(called) - len(written) < KILLS  # the same Message-ID, the same Topic


@pytest.mark.django_db
def test_the_same_effect_a_second_time_changes_nothing(room):
    message = factories.sent(room.teacher, f"guardians:{room.school_class.pk}")
    delivery.deliver(OutboxEntry.objects.get(kind=delivery.DELIVER).payload)
    message.refresh_from_db()
    assert message.reached == Copy.objects.received().count() == 5
    assert Notification.objects.filter(kind="messaging.received").count() == 5
