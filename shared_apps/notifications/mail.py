"""Mails: their links come from the commune's own address, never from a header."""

import hashlib
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from core.tenancy import PUBLIC, current_schema, in_public
from shared_apps.notifications.models import Notification
from tenants.models import Domain


def base_url() -> str:
    """`https://narbonne.<domain>`, without the final slash."""
    schema = current_schema()
    if schema == PUBLIC:
        return f"{settings.ENT_SCHEME}://{settings.ENT_ACADEMY_HOST}{settings.ENT_PORT_SUFFIX}"
    with in_public():
        domain = Domain.objects.get(tenant__schema_name=schema, is_primary=True)
    return domain.get_absolute_url().rstrip("/")


def send_notification(payload: dict[str, Any]) -> None:
    """Handler of `notifications.mail`. Nothing is sent to who lost their account or their address meanwhile."""
    notification = Notification.objects.select_related("user").filter(pk=payload["notification"]).first()
    if notification is None or not notification.user.is_active or not notification.user.email:
        return
    context = {"notification": notification, "link": base_url() + notification.url, "home": base_url()}
    mail = EmailMultiAlternatives(
        subject=notification.title,
        body=render_to_string("notifications/email/notification.txt", context),
        to=[notification.user.email],
        headers={"Message-ID": message_id(notification)},
    )
    mail.attach_alternative(render_to_string("notifications/email/notification.html", context), "text/html")
    mail.send()


def message_id(notification: Notification) -> str:
    """The same for the same notification, so that a mail sent twice is recognised as one."""
    digest = hashlib.sha256(f"{current_schema()}:{notification.pk}".encode()).hexdigest()[:32]
    return f"<{digest}@{settings.ENT_DOMAIN}>"
