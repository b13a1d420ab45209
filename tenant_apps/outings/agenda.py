"""What outings bring to the calendar: their day, to the families and the staff of the class, and to its pupils."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.registry import AgendaAsk, AgendaLine
from tenant_apps.outings.models import Outing


def lines(ask: AgendaAsk) -> Iterable[AgendaLine]:
    rows = Outing.objects.in_agenda_of(ask.user).filter(school_class__in=ask.classes)
    for one in rows.filter(day__range=(ask.first, ask.last)).select_related("school_class"):
        yield AgendaLine(
            day=one.day,
            title=one.title,
            kind=_("Sortie"),
            uid=f"outing-{one.pk}",
            icon="bus",
            begins_at=one.leaves_at,
            ends_at=one.comes_back_at,
            place=one.place,
            detail="" if ask.pupils else str(one.school_class),
            url="" if one.is_own else one.get_absolute_url(),
            pupils=tuple(pk for pk, place in ask.pupils.items() if place == one.school_class_id),
        )
