"""Mails: their links come from the commune's own address, never from a header."""

import hashlib
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from core.tenancy import current_schema
from shared_apps.notifications import returns
from shared_apps.notifications.models import Notification, Preference
from tenants.addresses import base_url

NOTICE = ("notifications/email/notification.txt", "notifications/email/notification.html")
DIGEST = ("notifications/email/digest.txt", "notifications/email/digest.html")


def send_notification(payload: dict[str, Any]) -> None:
    """Handler of `notifications.mail`. Nothing is sent to who lost their account or their address meanwhile, nor to who
    has chosen since to get none of these.
    """
    notification = Notification.objects.select_related("user").filter(key=payload["notification"]).first()
    if notification is None or not notification.user.is_active:
        return
    chosen = Preference.objects.by_user([notification.user])[notification.user_id]
    if not chosen.may_write_to(notification.user) or chosen.mail_of(notification.kind) == Preference.Mail.NEVER:
        return
    context = {"notification": notification, "link": base_url() + notification.url}
    write(notification.user, notification.title, NOTICE, context, key=notification.key)


def write(user: Any, subject: str, templates: tuple[str, str], context: dict[str, Any], *, key: str) -> None:
    context = {"home": base_url(), **context}
    text, html = (render_to_string(name, context) for name in templates)
    mail = EmailMultiAlternatives(
        subject=subject,
        body=text,
        to=[user.email],
        from_email=returns.sender_for(user),
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": message_id(key),
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(html, "text/html")
    try:
        mail.send()
    except SMTPRecipientsRefused as refusal:
        if not returns.is_lasting_refusal(refusal):
            raise
        returns.note(user)


def message_id(key: str) -> str:
    """The same for the same occasion, so that a mail sent twice is recognised as one."""
    digest = hashlib.sha256(f"{current_schema()}:{key}".encode()).hexdigest()[:32]
    return f"<{digest}@{settings.ENT_DOMAIN}>"
