"""What reaches whom, and when: always on the page; by mail, by a digest, on a telephone as each person chose."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from shared_apps.notifications import outbox, push
from shared_apps.notifications.models import Notification, Preference, PushSubscription
from tenants.stops import Sent

Mail = Preference.Mail
# Which digest what waits already goes to, when its type is chosen anew; « at once » is the next one.
FOLLOWS: dict[str, str] = {Mail.NEVER: "", Mail.INSTANT: "daily", Mail.DAILY: "daily", Mail.WEEKLY: "weekly"}


@dataclass(frozen=True, slots=True)
class Notice:
    """What to tell one account. `title` names the child: « Inès · À signer avant demain : sortie au musée ».

    `path`: the page to open, on this commune's host. `key`: the occasion; the same key is told once.
    `subject_ids`: the children that it names (Pupil ids): erased with any of them. `sent`: of which person's send it
    tells, for the emergency switches. `mail_from`: neither mail nor push before then.
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
    def facts(self) -> dict[str, Any]:
        said = {"sent": self.sent.as_payload()} if self.sent else {}
        return {"notification": self.key} | said


def notify(*, user: Any, kind: str, title: str, path: str, subject_ids: Collection[Any] = (), key: str) -> None:
    notify_all([Notice(user, kind, title, path, key, subject_ids)])


@transaction.atomic
def notify_all(notices: Iterable[Notice]) -> None:
    """Tell many accounts, each as it chose: five queries, and one more for each other moment at which some is sent."""
    notices = [notice for notice in notices if notice.user.is_active]
    if not notices:
        return
    chosen = Preference.objects.by_user(notice.user for notice in notices)
    rows = [_notification(notice, chosen[notice.user.pk]) for notice in notices]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    _plan("notifications.mail", ((one, _mail(one)) for one in notices if _is_instant(one, chosen)), chosen)
    browsers = _browsers(notices, chosen)
    calls = ((one, _push(one, row)) for one in notices for row in browsers.get(one.user.pk, []))
    _plan(push.KIND, ((one, call) for one, call in calls if chosen[one.user.pk].wants_push(one.kind)), chosen)


def _plan(kind: str, pairs: Iterable[tuple[Notice, outbox.Effect]], chosen: dict[Any, Preference]) -> None:
    """In one INSERT for those that leave at once, and one for each moment when quiet hours end."""
    now = timezone.now()
    moments: dict[datetime, list[outbox.Effect]] = defaultdict(list)
    for notice, effect in pairs:
        first = max(notice.mail_from or now, now)
        moments[chosen[notice.user.pk].leaves_at(notice.kind, first)].append(effect)
    for moment, effects in moments.items():
        outbox.put_all(kind, effects, not_before=moment)


def _is_instant(notice: Notice, chosen: dict[Any, Preference]) -> bool:
    theirs = chosen[notice.user.pk]
    return theirs.may_write_to(notice.user) and theirs.mail_of(notice.kind) == Mail.INSTANT


def _mail(notice: Notice) -> outbox.Effect:
    return outbox.Effect(f"mail:{notice.key}", notice.facts)


def _push(notice: Notice, subscription: Any) -> outbox.Effect:
    return outbox.Effect(f"push:{notice.key}:{subscription}", notice.facts | {"subscription": str(subscription)})


def _browsers(notices: list[Notice], chosen: dict[Any, Preference]) -> dict[Any, list[Any]]:
    """Account → the browsers where it asked to be called, of those to whom one of these would be said so."""
    users = {one.user.pk for one in notices if chosen[one.user.pk].wants_push(one.kind)}
    found: dict[Any, list[Any]] = defaultdict(list)
    if users and push.is_offered():
        for user, pk in PushSubscription.objects.filter(device__user__in=users).values_list("device__user", "pk"):
            found[user].append(pk)
    return found


def withdraw(keys: Collection[str]) -> None:
    """What was told too early, as far as it was not read: its mail, when it still waits, finds nothing to say."""
    Notification.objects.filter(key__in=keys, read_at=None).delete()


def _notification(notice: Notice, chosen: Preference) -> Notification:
    title = " ".join(notice.title.split())[:200]  # it becomes the subject of a mail: one line
    facts: dict[str, Any] = {"kind": notice.kind, "title": title, "url": notice.path, "key": notice.key}
    mail = chosen.mail_of(notice.kind)
    if chosen.may_write_to(notice.user) and mail in (Mail.DAILY, Mail.WEEKLY):
        facts |= {"digest": str(mail), "sent": notice.facts.get("sent")}
    return Notification(user=notice.user, subject_ids=list(notice.subject_ids), **facts)


@transaction.atomic
def choose(*, actor: Any, **chosen: Any) -> Preference:
    """One's own choices; what waits for a digest follows them. Who saves them says that their address is good."""
    chosen["returned_address"] = ""
    before = Preference.objects.by_user([actor])[actor.pk]
    row, _made = Preference.objects.update_or_create(user=actor, defaults=chosen)
    waiting = Notification.objects.visible_to(actor).waiting_for(Mail.values)
    for kind in set(waiting.order_by().values_list("kind", flat=True)):
        if (mail := row.mail_of(kind)) != before.mail_of(kind):
            waiting.filter(kind=kind).update(digest=FOLLOWS[mail], updated_at=timezone.now())
    return row


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
