"""The first codes of a new commune: sent to the heads and the town's officer, or nobody could enter it."""

from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from shared_apps.accounts import services
from shared_apps.accounts.models import User
from shared_apps.notifications import outbox
from tenant_apps.people.models import StaffAssignment
from tenants.addresses import base_url

KIND = "provisioning.invitation"


def plan() -> int:
    """In the commune, once its address is attached: one mail to each first account that has an address."""
    staff = StaffAssignment.objects.on().values("person__account")
    users = User.objects.active().not_activated().filter(pk__in=staff).exclude(email="")
    effects = [outbox.Effect(f"invitation:{user.pk}:{user.code_generation}", {"user": str(user.pk)}) for user in users]
    outbox.put_all(KIND, effects)
    return len(effects)


def send(payload: dict[str, Any]) -> None:
    """Handler. The code is derived here and stored nowhere; who activated meanwhile gets nothing."""
    user = User.objects.active().not_activated().filter(pk=payload["user"]).first()
    if user is None or not user.email:
        return
    code = services.activation_code(user)
    urlconf = "config.urls.tenant"  # a worker has no request to choose it
    context = {
        "user": user,
        "code": code,
        "link": f"{base_url()}{reverse('accounts:activate', urlconf=urlconf)}?code={code}",
    }
    body = render_to_string("provisioning/email/invitation.txt", context)
    EmailMessage(subject=_("Votre espace ENT-école est ouvert"), body=body, to=[user.email]).send()
