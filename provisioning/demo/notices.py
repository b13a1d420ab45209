"""What families made of what they were sent: most came, one chose how to be told, one digest leaves by mail."""

import secrets
from datetime import time, timedelta
from typing import Any

from django.utils import timezone

from provisioning.demo.people import shown_guardian
from shared_apps.accounts.models import Device
from shared_apps.notifications import digests, outbox, services
from shared_apps.notifications.models import Notification, Preference, PushSubscription
from tenant_apps.people.models import Guardianship

Mail = services.Mail
RECENT = timedelta(days=7)
BROWSERS = ((Device.Kind.PHONE, "Chrome, Android"), (Device.Kind.COMPUTER, "Firefox, Windows"))
AWAY = 9  # one family in so many has not come for weeks


def seed() -> None:
    """Safe to repeat: a commune where somebody chose is left as it is."""
    if Preference.objects.exists():
        return
    shown = shown_guardian()
    links = Guardianship.objects.informed().filter(guardian__account__activated_at__isnull=False)
    children: dict[Any, Any] = dict(links.order_by("pupil").values_list("guardian__account", "pupil"))
    ranks = {pupil: rank for rank, pupil in enumerate(dict.fromkeys(children.values()))}
    away = {account for account, pupil in children.items() if ranks[pupil] % AWAY == 0}
    Device.objects.bulk_create(_device(account, rank, account in away) for rank, account in enumerate(children))
    _choices(shown.account if shown else None)


def _device(account: Any, rank: int, is_away: bool) -> Device:
    kind, label = BROWSERS[rank % len(BROWSERS)]
    seen = timezone.now() - (timedelta(days=24) if is_away else timedelta(hours=1 + rank % 40))
    return Device(user_id=account, token_digest=secrets.token_hex(32), kind=kind, label=label, last_seen_at=seen)


def _choices(account: Any) -> None:
    """Two browsers that are told; the week's news and homework in one mail, which leaves once they are told."""
    waiting = Notification.objects.waiting_for(Mail.values)
    waiting.exclude(user=account, created_at__gte=timezone.now() - RECENT).update(digest="")
    if account is None:
        return
    if not account.email:
        account.email = f"{account.identifier}@example.org"
        account.save(update_fields=["email"])
    services.choose(actor=account, mail={"news": Mail.WEEKLY, "homework": Mail.DAILY}, quiet_from=time(21))
    Device.objects.filter(user=account).delete()
    for rank, (_kind, _label) in enumerate(BROWSERS):
        device = _device(account.pk, rank, False)
        device.save()
        # Signed out there: the makers' services are never called by the demo.
        place = {"endpoint": f"https://updates.push.services.mozilla.com/demo/{device.pk}", "p256dh": "", "auth": ""}
        PushSubscription.objects.create(device=device, endpoint_digest=device.token_digest, **place)
    day = str(timezone.localdate())
    facts = {"user": str(account.pk), "day": day, "digests": [Mail.DAILY, Mail.WEEKLY]}
    moment = timezone.now() + timedelta(minutes=2)  # the worker tells the news of the weeks before
    outbox.put(digests.DIGEST, key=f"{digests.DIGEST}:{day}:{account.pk}", payload=facts, not_before=moment)
