"""What is told of a report: to the heads, up to the academy, and once decided to who reported and who wrote."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core import registry
from shared_apps.accounts.models import User
from shared_apps.emergency.uplinks import REPORT
from shared_apps.notifications import uplink
from shared_apps.notifications.services import Notice, notify_all
from tenant_apps.moderation.models import AbstractReport
from tenant_apps.people.models import StaffAssignment
from tenant_apps.people.roles import Role


def reported(report: AbstractReport) -> None:
    """To the heads of the school but the author, and up to the academy. Who reported is not said."""
    title, path = _("Un message a été signalé : à lire"), reverse("moderation:queue")
    notify_all(
        Notice(user, "moderation.reported", title, path, f"report:{report.pk}:{user.pk}") for user in _judges(report)
    )
    goes_up(report)


def decided(reports: Collection[AbstractReport], words: Any, judge: Any) -> None:
    """To who reported; to the author, when the words are hidden. A pupil is told nothing outside their page."""
    first, *_others = reports
    path = registry.reported[first._meta.app_label].path
    told = {row.reporter_id: _title(row) for row in reports}
    if first.is_withdrawn:
        told[words.author_id] = _("La direction a retiré un de vos messages : les autres ne le lisent plus.")
    users = User.objects.active().filter(pk__in=told, person__pupil=None).exclude(pk=judge.pk)
    notify_all(
        Notice(user, "moderation.decided", told[user.pk], path(words, user.pk), f"report:{first.pk}:decided:{user.pk}")
        for user in users.order_by("pk")
    )


def _title(report: AbstractReport) -> str:
    if report.is_withdrawn:
        return _("La direction a retiré le message que vous avez signalé.")
    return _("La direction a lu le message que vous avez signalé, et l’a laissé.")


def judges(school_id: Any, author_id: Any) -> QuerySet[User]:
    """The heads of a school who may decide of what this account wrote: nobody judges oneself."""
    heading = StaffAssignment.objects.on().filter(role=Role.HEAD, school=school_id)
    return User.objects.active().filter(person__in=heading.values("person")).exclude(pk=author_id).order_by("pk")


def _judges(report: AbstractReport) -> list[User]:
    return list(judges(report.school_id, report.words.author_id))


def goes_up(report: AbstractReport) -> None:
    """Where, and whether it is decided: no text, nobody's name."""
    uai, state = report.school.uai if report.school else None, str(report.state)
    data = {"report": report.pk, "uai": uai, "heads": len(_judges(report)), "state": state}
    uplink.send(REPORT, key=f"report:{report.pk}:{state}", data=data)
