"""What attendance brings to the home page."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.frozen import Asked, frozen
from core.registry import Todo
from core.today import today
from tenant_apps.attendance import sheets
from tenant_apps.attendance.half_days import HalfDay, is_taught
from tenant_apps.attendance.models import Announcement, Mark, RollCall
from tenant_apps.attendance.tiles import call_url
from tenant_apps.people.models import Pupil
from tenant_apps.schools.days import days_off
from tenant_apps.schools.models import SchoolClass

ASKED_FOR = timedelta(days=14)  # how long the home page asks a family why a child was away


def todos(user: Any, profile: str) -> Iterable[Todo] | Asked:
    if profile == "guardian":
        return _without_reason.asked(user).then(_of_guardian)
    return _of_staff(user, profile) if profile in {"teacher", "head"} else []


def _of_guardian(marks: list[Any]) -> list[Todo]:
    """One line a child and day: the afternoon of a child away all the day is the same absence."""
    days = {(mark.pupil_id, mark.day): mark for mark in marks}
    if not days:
        return []
    now = today()
    title, detail, action = (
        _("%(name)s n’était pas en classe"),
        _("Dites pourquoi à l’école."),
        _("Dire pourquoi"),
    )
    declare = reverse("attendance:declare")
    return [
        Todo(
            when=mark.day,
            kind="do",
            title=title % {"name": mark.first_name},
            detail=detail,
            url=f"{declare}?enfant={mark.pupil_id}&jour={mark.day}&demi={mark.half}",
            action=action,
            subject_id=mark.pupil_id,
            is_urgent=mark.day == now,
        )
        for mark in days.values()
    ]


@frozen
def _without_reason(user: Any) -> QuerySet:
    """Absences of the last days that nobody in the family has said why, as rows of plain values."""
    until = timezone.localdate()
    rows = Mark.objects.absences().validated().filter(reason="", pupil__in=Pupil.objects.informing(user))
    rows = rows.between(until - ASKED_FOR, until)
    rows = rows.annotate(day=F("roll_call__day"), half=F("roll_call__half"), first_name=F("pupil__person__first_name"))
    return rows.values_list("pupil_id", "day", "half", "first_name", named=True)


def _of_staff(user: Any, profile: str) -> list[Todo]:
    classes = SchoolClass.objects.families_open_to(user)
    found = _uncalled(classes, profile)
    unseen = Announcement.objects.unhandled().not_over(timezone.localdate()).of_pupils_in(classes).count()
    return [*found, _announced(unseen)] if unseen else found


def _uncalled(classes: Any, profile: str) -> list[Todo]:
    now = HalfDay.now()
    if days_off(now.day, now.day):
        return []
    left = [
        one
        for one in sheets.board(classes, now)
        if one.state != RollCall.State.VALIDATED and is_taught(one.school, *now)
    ]
    if profile == "head" and len(left) > 1:
        title = ngettext("%(count)s classe n’a pas fait l’appel", "%(count)s classes n’ont pas fait l’appel", len(left))
        return [_call(title % {"count": len(left)}, reverse("attendance:board"), _("Voir les classes"))]
    title = _("L’appel du %(class)s est à faire")
    return [_call(title % {"class": one.label}, call_url(one.pk, now), _("Faire l’appel")) for one in left]


def _call(title: str, url: str, action: str) -> Todo:
    now = HalfDay.now()
    detail = _("Ce matin") if now.half == "am" else _("Cet après-midi")
    return Todo(when=now.day, kind="do", title=title, detail=detail, url=url, action=action, is_urgent=True)


def _announced(count: int) -> Todo:
    title = ngettext("%(count)s absence annoncée", "%(count)s absences annoncées", count) % {"count": count}
    detail = _("Par les familles ; personne ne l’a encore vue.") if count == 1 else _("Par les familles, à lire.")
    return Todo(None, "do", title, detail, reverse("attendance:announcements"), _("Voir"))
