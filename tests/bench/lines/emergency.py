"""The emergency switch of the academy with a thousand messages queued in forty communes: what leaves after it."""

import os
import signal
import time
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max

from tests.bench import communes
from tests.bench.table import Line, at_least, at_most
from tests.bench.world import World

COMMUNES, QUEUED = 40, 25
WORKERS = 2
PATIENCE = 10.0  # seconds: what the academy is promised
AFTER = 10.0  # how long one looks at what leaves once everything should be stopped


def run(world: World) -> list[Line]:
    """Two workers deliver everywhere, mails with the messages; the academy throws the switch among them."""
    from django.utils import timezone

    from core.tenancy import in_public
    from shared_apps.emergency import services

    schemas = communes.lay(world.size(COMMUNES, 8))
    for schema in schemas:
        _queue(schema)
    workers = [_worker(schemas[number::WORKERS]) for number in range(WORKERS)]
    try:
        while _left(schemas)[0] < len(schemas):  # some of each have left
            time.sleep(0.2)
        with in_public():
            row = services.throw(actor=None, level="academy", reason="mesure", allows_notices=False)
        thrown = timezone.now()
        time.sleep(PATIENCE + AFTER)
        _sent, last = _left(schemas)
        after = _left(schemas, since=thrown + timedelta(seconds=PATIENCE))[0]
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    with in_public():
        services.lift(actor=None, switch=row, reason="mesure")
    name = f"switch, {len(schemas) * QUEUED} messages queued in {len(schemas)} communes"
    return [
        at_most(f"{name}: the last send leaves", max((last - thrown).total_seconds(), 0), "s", PATIENCE),
        at_most(f"{name}: sends that leave after that", after, "sends", 0),
        at_least(f"{name}: kept, none lost", _kept(schemas), "sends", 1),
    ]


def _queue(schema: str) -> None:
    from core.tenancy import in_schema
    from tests.tenant_apps.liaison.factories import classroom
    from tests.tenant_apps.messages import factories

    with in_schema(schema):
        room = classroom(uai="0110998Z", prefix="urgence-")
        to = factories.person(room.guardians["Laure"])
        for _turn in range(QUEUED):
            factories.queued(room.teacher, to, subject="Coupure")


def _worker(schemas: list[str]) -> int:
    from core.tenancy import in_schema
    from shared_apps.notifications import outbox

    connection.close()
    pid = os.fork()
    if pid == 0:
        while True:
            for schema in schemas:
                with in_schema(schema):
                    outbox.deliver_due(limit=1)
    return pid


def _left(schemas: list[str], *, since: datetime | None = None) -> tuple[int, datetime]:
    """How many sends left (messages, mails, push), since a moment; and when the last one did."""
    from core.tenancy import in_schema

    total, moments = 0, [datetime.fromisoformat("2000-01-01T00:00:00Z")]
    for schema in schemas:
        with in_schema(schema):
            rows = _sends().filter(delivered_at__gt=since) if since else _sends().filter(delivered_at__isnull=False)
            total += rows.count()
            moments.append(rows.aggregate(last=Max("delivered_at"))["last"] or moments[0])
    return total, max(moments)


def _kept(schemas: list[str]) -> int:
    from core.tenancy import in_schema

    kept = 0
    for schema in schemas:
        with in_schema(schema):
            kept += _sends().filter(delivered_at=None, failed_at=None).count()
    return kept


def _sends():
    from shared_apps.notifications.models import OutboxEntry
    from tenants.stops import SENDS

    return OutboxEntry.objects.filter(kind__in=SENDS)
