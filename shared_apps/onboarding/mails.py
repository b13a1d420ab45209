"""The mails to a commune's official address. Link and code are derived when they leave, never kept in the outbox."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from shared_apps.onboarding import documents
from shared_apps.onboarding.models import SigningInvitation
from shared_apps.onboarding.services import signing
from tenants.addresses import base_url


def send(payload: dict[str, Any]) -> None:
    """Handler of `onboarding.mail`. A link revoked or used meanwhile is not sent."""
    rows = SigningInvitation.objects.select_related("convention__case__commune", "convention__party")
    invitation = rows.filter(pk=payload["invitation"]).first()
    if invitation is None or not invitation.is_live:
        return
    if payload["what"] == "code":
        _send(invitation, _("Votre code pour signer"), "onboarding/email/code.txt", code=signing.code_of(invitation))
    else:
        path = reverse("onboarding:sign_online", urlconf=settings.PUBLIC_SCHEMA_URLCONF)
        link = f"{base_url()}{path}?cle={signing.token_for(invitation)}"
        _send(invitation, _("Une convention à signer"), "onboarding/email/sign.txt", link=link)


def _send(invitation: SigningInvitation, subject: str, template: str, **context: Any) -> None:
    context |= {"invitation": invitation, "title": documents.title_of(invitation.convention), "home": base_url()}
    body = render_to_string(template, context)
    headers = {"Auto-Submitted": "auto-generated"}
    EmailMessage(subject=subject, body=body, to=[invitation.email], headers=headers).send()
