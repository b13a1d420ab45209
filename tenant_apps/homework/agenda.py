"""What homework brings to the calendar: each day on which some is due."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.registry import AgendaAsk, AgendaLine
from tenant_apps.homework.models import Homework
from tenant_apps.homework.querysets import places_of
from tenant_apps.homework.weeks import due_days
from tenant_apps.schools.days import days_off, open_days


def lines(ask: AgendaAsk) -> Iterable[AgendaLine]:
    rows = Homework.objects.visible_to(ask.user).standing().of_classes(ask.classes)
    rows = rows.due_between(ask.first, ask.last).select_related("school_class__school", "group__school")
    rows = rows.prefetch_related("pupils")
    homework = list(rows)
    off = days_off(ask.first, ask.last) if any(one.comes_back for one in homework) else set()
    places = places_of(ask.pupils) if ask.pupils and homework else {}
    for one in homework:
        pupils = tuple(pk for pk, found in places.items() if one.is_for(pk, found))
        if pupils or not ask.pupils:
            open_ = open_days(one.school, ask.first, ask.last, off)
            for day in due_days(one, open_, ask.first, ask.last):
                yield AgendaLine(
                    day=day,
                    title=str(one),
                    kind=_("Devoirs"),
                    uid=f"{one.pk}-{day:%Y%m%d}",
                    icon="book-open-text",
                    # Who has several classes must know whose it is; a family reads its children's names.
                    detail="" if ask.pupils else str(one.place),
                    url=f"{one.get_absolute_url()}?jour={day}",
                    pupils=pupils,
                )
