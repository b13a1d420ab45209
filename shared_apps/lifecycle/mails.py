"""What leaves by mail. Addresses and links are put in when it leaves, never kept in the outbox."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from shared_apps.accounts.models import StaffRole, User
from shared_apps.lifecycle.models import Ending, Handover, Reminder
from shared_apps.notifications import outbox
from shared_apps.onboarding.models import CaseContact
from tenants.addresses import base_url

REMINDER, HANDOVER, DEADLINE = "lifecycle.reminder", "lifecycle.handover", "lifecycle.deadline"


def plan_reminder(reminder: Reminder) -> None:
    outbox.put(REMINDER, key=f"reminder:{reminder.pk}", payload={"reminder": str(reminder.pk)})


def send_reminder(payload: dict[str, Any]) -> None:
    """Handler. To who follows the case, and to the mayor and the town's officer."""
    reminder = Reminder.objects.select_related("convention__case__commune", "convention__case__owner").filter(
        pk=payload["reminder"]
    )
    found = reminder.first()
    if found is None or found.convention.ends_on != found.ends_on:  # renewed meanwhile
        return
    case = found.convention.case
    context = {"reminder": found, "convention": found.convention, "commune": case.commune, "link": ""}
    subject = _("Convention ENT-école de %(commune)s : le terme approche") % {"commune": case.commune.name}
    for contact in case.contacts.exclude(role=CaseContact.Role.HEAD).exclude(email=""):
        _send(subject, "lifecycle/email/reminder.txt", context, contact.email)
    if case.owner and case.owner.is_active and case.owner.email:
        context["link"] = base_url() + reverse("lifecycle:life", args=[case.insee], urlconf=_urlconf())
        _send(subject, "lifecycle/email/reminder.txt", context, case.owner.email)


def plan_deadline(ending: Ending) -> None:
    told = "ordered" if ending.ordered_at else ending.warned_days
    outbox.put(DEADLINE, key=f"deadline:{ending.pk}:{told}", payload={"ending": str(ending.pk)})


def send_deadline(payload: dict[str, Any]) -> None:
    """Handler. To who follows the case and to the administrators, who alone may order it. It says what is true now."""
    rows = Ending.objects.going_on().select_related("case__commune", "case__owner")
    ending = rows.filter(pk=payload["ending"]).first()
    if ending is None:
        return
    commune = ending.case.commune
    subject = _("ENT-école de %(commune)s : les données sont à effacer") % {"commune": commune.name}
    link = base_url() + reverse("lifecycle:life", args=[ending.case.insee], urlconf=_urlconf())
    for address in _of_academy(ending.case.owner):
        _send(subject, "lifecycle/email/deadline.txt", {"ending": ending, "commune": commune, "link": link}, address)


def _of_academy(owner: Any) -> list[str]:
    active = User.objects.filter(is_active=True).exclude(email="")
    administrators = Q(staff_roles__role=StaffRole.Role.ADMINISTRATOR)
    people = active.filter(administrators | Q(pk=owner.pk if owner else None))
    return sorted(set(people.values_list("email", flat=True)))


def plan_handover(handover: Handover) -> None:
    key = f"handover:{handover.pk}:{handover.updated_at.timestamp()}"
    outbox.put(HANDOVER, key=key, payload={"handover": str(handover.pk)})


def send_handover(payload: dict[str, Any]) -> None:
    """Handler. The link is derived here and stored nowhere."""
    from shared_apps.lifecycle import handover as handing

    row = Handover.objects.open().select_related("package__ending__case__commune").filter(pk=payload["handover"])
    found = row.first()
    if found is None or not found.email:
        return
    link = base_url() + reverse("lifecycle:receive", args=[handing.token_of(found)], urlconf=_urlconf())
    context = {"handover": found, "package": found.package, "commune": found.package.ending.case.commune, "link": link}
    subject = _("ENT-école de %(commune)s : vos données") % {"commune": context["commune"].name}
    _send(subject, "lifecycle/email/handover.txt", context, found.email)


def _urlconf() -> str:
    return settings.PUBLIC_SCHEMA_URLCONF


def _send(subject: str, template: str, context: dict[str, Any], to: str) -> None:
    headers = {"Auto-Submitted": "auto-generated"}
    EmailMessage(subject=subject, body=render_to_string(template, context), to=[to], headers=headers).send()
