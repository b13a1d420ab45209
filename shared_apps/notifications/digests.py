"""The mail of several: once a day or on Fridays, by child, then by what is asked (to sign, to pay, to read).

An effect per commune and day finds its people, one per person writes to them: a lost message, a killed worker or a
second beat makes neither less nor more.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shared_apps.notifications import mail, outbox
from shared_apps.notifications.models import Notification, Preference
from shared_apps.notifications.types import NEEDS, type_of
from tenants.stops import Sent, may_send

PLAN, DIGEST = "notifications.digests", "notifications.digest"
FRIDAY = 4
MOST = 60  # lines of one mail; the page has them all


def ask() -> None:
    """In each schema, as often as one likes: the day is the key."""
    day = timezone.localdate()
    if Notification.objects.waiting_for(_leaving_on(day)).exists():
        outbox.put(PLAN, key=f"{PLAN}:{day}", payload={"day": str(day)})


def _leaving_on(day: date) -> list[str]:
    """What Friday's mail missed leaves with the next: a quiet weekend keeps nobody waiting a week."""
    return ["daily", "weekly"] if day.weekday() >= FRIDAY else ["daily"]


def plan(payload: dict[str, Any]) -> None:
    """One effect per person, each at its hour. Who has no address any more waits for none."""
    digests = _leaving_on(date.fromisoformat(payload["day"]))
    waiting = Notification.objects.waiting_for(digests)
    users = set(waiting.order_by().values_list("user", flat=True))
    now, chosen = timezone.now(), {row.user_id: row for row in Preference.objects.filter(user__in=users)}
    moments: dict[Any, list[outbox.Effect]] = defaultdict(list)
    for user in sorted(users):
        moment = chosen.get(user, Preference()).leaves_at("", now)
        facts = {"user": str(user), "day": payload["day"], "digests": digests}
        moments[moment].append(outbox.Effect(f"{DIGEST}:{payload['day']}:{user}", facts))
    for moment, effects in moments.items():
        outbox.put_all(DIGEST, effects, not_before=moment)


@transaction.atomic
def send(payload: dict[str, Any]) -> None:
    """What was read meanwhile is not said again; what an emergency switch stops waits for the next day."""
    rows = Notification.objects.waiting_for(payload["digests"]).filter(user=payload["user"])
    rows = list(rows.select_for_update(of=("self",)).select_related("user").order_by("created_at", "pk"))
    leaving = [row for row in rows if may_send(Sent.of_payload({"sent": row.sent}))]
    Notification.objects.filter(pk__in=[row.pk for row in leaving]).update(digest="", updated_at=timezone.now())
    unread = [row for row in leaving if not row.is_read]
    user = rows[0].user if rows else None
    if not unread or user is None or not user.is_active:
        return
    if not Preference.objects.by_user([user])[user.pk].may_write_to(user):
        return
    context = {"children": by_child(unread[:MOST]), "more": len(unread) - MOST, "user": user}
    mail.write(user, _subject(unread), mail.DIGEST, context, key=f"{DIGEST}:{payload['day']}:{user.pk}")


def by_child(rows: Iterable[Notification]) -> list[tuple[str, list[tuple[Any, list[Notification]]]]]:
    """[(« Inès », [(« À signer », [notice, …])])]: what names no child comes last."""
    found: dict[str, dict[str, list[Notification]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[get_text_list(row.first_names, _("et"))][type_of(row.kind)[1].need].append(row)
    order = sorted(found, key=lambda name: (not name, name))
    return [(name, [(NEEDS[need], found[name][need]) for need in NEEDS if need in found[name]]) for name in order]


def _subject(rows: list[Notification]) -> str:
    """« Inès et Tom · 3 nouvelles »."""
    names = sorted({name for row in rows for name in row.first_names})
    words = ngettext("%(count)s nouvelle de l’école", "%(count)s nouvelles de l’école", len(rows)) % {
        "count": len(rows)
    }
    return f"{get_text_list(names, _('et'))} · {words}" if names else words
