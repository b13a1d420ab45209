"""A place of the access matrix, and what anybody has anywhere: a token, a notice, a device."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from shared_apps.accounts.models import Device, User
from shared_apps.api import services as api
from shared_apps.notifications.models import Notification, PushSubscription


@dataclass
class Place:
    """A host, its people by profile, its objects by name."""

    host: str
    people: dict[str, User | None] = field(default_factory=lambda: {"visitor": None})
    objects: dict[str, Any] = field(default_factory=dict)
    session: dict[str, dict[str, Any]] = field(default_factory=dict)  # profile -> what their session holds besides


def token_of(user: User) -> Any:
    return api.make_token(actor=user, name="essai", days=7)[0].pk


def notice_of(user: User) -> Any:
    return Notification.objects.create(user=user, kind="essai", title="Essai", url="/mots/", key=f"essai-{user.pk}").pk


def device_of(user: User) -> Device:
    return Device.objects.create(user=user, token_digest="d" * 64, last_seen_at=timezone.now())


def called_of(user: User) -> PushSubscription:
    facts = {"endpoint": "https://push.essai.fr/1", "endpoint_digest": "e" * 64, "p256dh": "k", "auth": "a"}
    return PushSubscription.objects.create(device=user.devices.get(), **facts)
