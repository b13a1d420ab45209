"""What attendance brings to the agenda of a family: the absences it announced, without the reason."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core.registry import AgendaAsk, AgendaLine
from tenant_apps.attendance.models import Announcement
from tenant_apps.people.models import Pupil


def lines(ask: AgendaAsk) -> list[AgendaLine]:
    if not ask.pupils:
        return []
    children = Pupil.objects.informing(ask.user).filter(pk__in=ask.pupils)
    rows = Announcement.objects.standing().not_over(ask.first).filter(pupil__in=children, starts_on__lte=ask.last)
    return [_line(row) for row in rows]


def _line(announcement: Announcement) -> AgendaLine:
    return AgendaLine(
        day=announcement.starts_on,
        last=announcement.ends_on,
        title=_("Absence annoncée"),
        kind=_("absence"),
        uid=str(announcement.pk),
        icon="calendar-x",
        url=reverse("attendance:absences"),
        pupils=(announcement.pupil_id,),
    )
