"""What the academy is told at once."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from shared_apps.accounts.models import StaffRole, User
from shared_apps.emergency.models import Alarm, ReportedMessage
from shared_apps.notifications.services import Notice, notify_all

Role = StaffRole.Role


def alarm(row: Alarm) -> None:
    facts = {"place": row.where, "count": row.count}
    title = _("Envois inhabituels, %(place)s : %(count)s messages en deux minutes") % facts
    _tell("emergency.alarm", title, f"alarm:{row.pk}", Role.ADMINISTRATOR, Role.SUPPORT)


def reported(row: ReportedMessage) -> None:
    title = _("%(town)s : un message signalé à la direction de l’école")
    if not row.heads:
        title = _("%(town)s : un message signalé que personne à l’école ne peut lire")
    _tell("emergency.reported", title % {"town": row.commune}, f"report:{row.pk}", Role.ADMINISTRATOR)


def _tell(kind: str, title: str, key: str, *roles: Any) -> None:
    path = reverse("emergency:home", urlconf=settings.PUBLIC_SCHEMA_URLCONF)
    users = User.objects.active().filter(staff_roles__role__in=roles).distinct().order_by("pk")
    notify_all(Notice(user, kind, title, path, f"{key}:{user.pk}") for user in users)
