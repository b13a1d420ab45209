"""What reaches whom. A notification on the page, and a mail to those who have an address."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from shared_apps.notifications import outbox
from shared_apps.notifications.models import Notification
from tenants.stops import Sent


@dataclass(frozen=True, slots=True)
class Notice:
    """What to tell one account. `title` names the child: « Inès · À signer avant demain : sortie au musée ».

    `path`: the page to open, on this commune's host. `key`: the occasion; the same key is told once.
    `subject_ids`: the children that it names (Pupil ids): erased with any of them. `sent`: of which person's send it
    tells, for the emergency switches. `mail_from`: no mail before then.
    """

    user: Any
    kind: str
    title: str
    path: str
    key: str
    subject_ids: Collection[Any] = ()
    sent: Sent | None = None
    mail_from: datetime | None = None

    @property
    def effect(self) -> outbox.Effect:
        said = {"sent": self.sent.as_payload()} if self.sent else {}
        return outbox.Effect(f"mail:{self.key}", {"notification": self.key} | said)


def notify(*, user: Any, kind: str, title: str, path: str, subject_ids: Collection[Any] = (), key: str) -> None:
    notify_all([Notice(user, kind, title, path, key, subject_ids)])


@transaction.atomic
def notify_all(notices: Iterable[Notice]) -> None:
    """Tell many accounts, in two INSERTs; in one more for each moment before which no mail leaves."""
    pairs = [(notice, _notification(notice)) for notice in notices if notice.user.is_active]
    Notification.objects.bulk_create((row for _notice, row in pairs), ignore_conflicts=True)
    mails: dict[datetime | None, list[outbox.Effect]] = defaultdict(list)
    for notice, _row in pairs:
        if notice.user.email:
            mails[notice.mail_from].append(notice.effect)
    for moment, effects in mails.items():
        outbox.put_all("notifications.mail", effects, not_before=moment)


def withdraw(keys: Collection[str]) -> None:
    """What was told too early, as far as it was not read: its mail, when it still waits, finds nothing to say."""
    Notification.objects.filter(key__in=keys, read_at=None).delete()


def _notification(notice: Notice) -> Notification:
    title = " ".join(notice.title.split())[:200]  # it becomes the subject of a mail: one line
    facts = {"kind": notice.kind, "title": title, "url": notice.path, "key": notice.key}
    return Notification(user=notice.user, subject_ids=list(notice.subject_ids), **facts)


def unread_count(user: Any) -> int:
    """For a badge."""
    return Notification.objects.visible_to(user).unread().count()


def mark_read(notification: Notification) -> None:
    """The first reading is the one that counts."""
    now = timezone.now()
    Notification.objects.filter(pk=notification.pk, read_at=None).update(read_at=now, updated_at=now)


def mark_all_read(user: Any) -> int:
    now = timezone.now()
    return Notification.objects.visible_to(user).unread().update(read_at=now, updated_at=now)
