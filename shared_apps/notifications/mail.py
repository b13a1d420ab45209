"""Mails: their links come from the commune's own address, never from a header."""

import hashlib
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from core.tenancy import current_schema
from shared_apps.notifications.models import Notification
from tenants.addresses import base_url


def send_notification(payload: dict[str, Any]) -> None:
    """Handler of `notifications.mail`. Nothing is sent to who lost their account or their address meanwhile."""
    notification = Notification.objects.select_related("user").filter(key=payload["notification"]).first()
    if notification is None or not notification.user.is_active or not notification.user.email:
        return
    home = base_url()
    context = {"notification": notification, "link": home + notification.url, "home": home}
    mail = EmailMultiAlternatives(
        subject=notification.title,
        body=render_to_string("notifications/email/notification.txt", context),
        to=[notification.user.email],
        headers={"Message-ID": message_id(notification), "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string("notifications/email/notification.html", context), "text/html")
    mail.send()


def message_id(notification: Notification) -> str:
    """The same for the same notification, so that a mail sent twice is recognised as one."""
    digest = hashlib.sha256(f"{current_schema()}:{notification.key}".encode()).hexdigest()[:32]
    return f"<{digest}@{settings.ENT_DOMAIN}>"
