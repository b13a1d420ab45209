"""Web push: a browser is called by the push service of its maker, which reads nothing of what it carries (RFC 8291).

Our key (VAPID, RFC 8292) says who calls. Without one (`ENT_PUSH_KEY`) nothing is offered. Only the makers' services are
called (`ENT_PUSH_SERVICES`): an address that a browser sends us must not make us call anything else.
"""

import hashlib
import json
import re
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from core.errors import DomainError
from core.tenancy import current_schema
from shared_apps.accounts.models import Device
from shared_apps.notifications.models import Notification, Preference, PushSubscription
from shared_apps.notifications.types import type_of

KIND = "notifications.push"
TIMEOUT = 10  # seconds
LIFE = 24 * 3600  # a telephone that stays off longer learns it by the page
GONE = (404, 410)
PLAIN = re.compile(r"[a-z0-9.-]+(:\d+)?")  # no user before it: parsers differ on what follows


class Refused(DomainError):
    pass


def is_offered() -> bool:
    return bool(settings.ENT_PUSH_KEY)


def _vapid() -> Any:
    from py_vapid import Vapid

    return Vapid.from_string(settings.ENT_PUSH_KEY)


def public_key() -> str:
    """As a browser wants it: the uncompressed point, in base64 without padding."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from py_vapid.utils import b64urlencode

    point = _vapid().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    text: str = b64urlencode(point)
    return text


def is_allowed(endpoint: str) -> bool:
    """The origin is one of the services: nothing else may stand in the address (a user, another port)."""
    try:
        place = urlsplit(endpoint)
    except ValueError:
        return False
    origin = f"{place.scheme}://{place.netloc}"
    if not PLAIN.fullmatch(place.netloc):
        return False
    return len(endpoint) <= 2000 and any(fnmatchcase(origin, known) for known in settings.ENT_PUSH_SERVICES)


@transaction.atomic
def subscribe(device: Device, *, endpoint: str, p256dh: str, auth: str) -> PushSubscription:
    """The last account that asks on a browser is the one it is called for."""
    if not is_offered() or not is_allowed(endpoint):
        raise Refused("Cet appareil ne peut pas être prévenu.")
    digest = hashlib.sha256(endpoint.encode()).hexdigest()
    PushSubscription.objects.filter(endpoint_digest=digest).exclude(device=device).delete()
    facts = {"endpoint": endpoint, "endpoint_digest": digest, "p256dh": p256dh, "auth": auth}
    return PushSubscription.objects.update_or_create(device=device, defaults=facts)[0]


def unsubscribe(subscription: PushSubscription) -> None:
    subscription.delete()


def send(payload: dict[str, Any]) -> None:
    """Handler of `notifications.push`: one notice, one browser. Signed out, nothing is shown there."""
    notice = Notification.objects.select_related("user").filter(key=payload["notification"], read_at=None).first()
    rows = PushSubscription.objects.select_related("device").exclude(device__session_key="")
    row = rows.filter(pk=payload["subscription"]).first()
    if notice is None or row is None or row.device.user_id != notice.user_id or not notice.user.is_active:
        return
    chosen = Preference.objects.by_user([notice.user])[notice.user_id]
    if chosen.wants_push(notice.kind) and is_offered() and is_allowed(row.endpoint):
        _call(row, words(notice, chosen))


def words(notice: Notification, chosen: Preference) -> dict[str, str]:
    """What a locked screen shows: « Un mot à signer », and no child's name unless this person wants it."""
    title = notice.title if chosen.shows_names else str(type_of(notice.kind)[1].label)
    return {"title": title, "url": reverse("notifications:open", args=[notice.pk]), "tag": _tag(notice)}


def _tag(notice: Notification) -> str:
    """The same for the same notice: called twice, a browser shows it once."""
    return hashlib.sha256(f"{current_schema()}:{notice.key}".encode()).hexdigest()[:32]


def _call(row: PushSubscription, said: dict[str, str]) -> None:
    from pywebpush import WebPushException, webpush
    from requests import Session

    class OneHop(Session):
        def request(self, *args: Any, **options: Any) -> Any:
            # A service that points elsewhere would choose whom we call.
            return super().request(*args, **options | {"allow_redirects": False})

    try:
        with OneHop() as session:
            webpush(
                {"endpoint": row.endpoint, "keys": {"p256dh": row.p256dh, "auth": row.auth}},
                json.dumps(said),
                vapid_private_key=_vapid(),
                vapid_claims={"sub": f"mailto:{settings.ENT_PUSH_CONTACT}"},
                ttl=LIFE,
                timeout=TIMEOUT,
                headers={"Topic": said["tag"]},
                requests_session=session,
            )
    except WebPushException as error:
        if error.response is None or error.response.status_code not in GONE:
            raise
        row.delete()
