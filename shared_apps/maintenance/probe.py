"""Each minute, the worker tries each part as people use it, and keeps the count of the day."""

import smtplib
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import redis
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.mail import get_connection
from django.db import DatabaseError
from django.db.models import F
from django.utils import timezone

from shared_apps.accounts.models import User
from shared_apps.files.storage import path_of, storage
from shared_apps.maintenance.models import Part, PartDay
from shared_apps.maintenance.state import DAYS, write_state
from shared_apps.notifications.models import OutboxEntry

LATE = timedelta(minutes=10)  # an effect that waits longer is a message that does not arrive
FAULTS = (DatabaseError, redis.RedisError, OSError, ValueError, smtplib.SMTPException)


def sign_in() -> bool:
    User.objects.order_by().values_list("pk", flat=True).first()
    return True


def messages() -> bool:
    due = OutboxEntry.objects.pending().filter(not_before__lt=timezone.now() - LATE)
    with redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_connect_timeout=1, socket_timeout=1) as broker:
        return bool(broker.ping()) and not due.exists()


def mail() -> bool:
    connection = get_connection(fail_silently=False)
    connection.open()
    connection.close()
    return True


def files() -> bool:
    """Written, read again, taken away."""
    name, content = path_of(f"probe-{uuid4()}"), b"etat"
    storage().save(name, ContentFile(content))
    try:
        with storage().open(name) as file:
            return file.read() == content
    finally:
        storage().delete(name)


PROBES: dict[str, Callable[[], bool]] = {
    Part.SIGN_IN: sign_in,
    Part.MESSAGES: messages,
    Part.MAIL: mail,
    Part.FILES: files,
}


def measure() -> dict[str, bool]:
    """All parts once; then the page is written anew."""
    found = {part: _answers(probe) for part, probe in PROBES.items()}
    for part, is_up in found.items():
        keep(part, is_up)
    PartDay.objects.filter(day__lt=timezone.localdate() - timedelta(days=DAYS)).delete()
    write_state()
    return found


def _answers(probe: Callable[[], bool]) -> bool:
    try:
        return probe()
    except FAULTS:
        return False


def keep(part: str, is_up: bool) -> None:
    now = timezone.now()
    row, made = PartDay.objects.get_or_create(
        part=part,
        day=timezone.localdate(now),
        defaults={"checks": 1, "failures": int(not is_up), "last_at": now, "is_up": is_up},
    )
    if not made:
        counts = {"checks": F("checks") + 1, "failures": F("failures") + int(not is_up)}
        PartDay.objects.filter(pk=row.pk).update(last_at=now, is_up=is_up, updated_at=now, **counts)
