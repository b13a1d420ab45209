"""The days of somebody: what each app has to say of them, day by day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import ical, registry
from core.registry import AgendaAsk, AgendaLine
from core.words import clock
from tenant_apps.agenda.models import Event
from tenant_apps.agenda.querysets import classes_read_by, family_enrollments
from tenant_apps.agenda.recurrence import days_of
from tenant_apps.people.models import PupilGroupMember
from tenant_apps.schools.models import CalendarDay, SchoolClass

ICONS = {
    "outing": "bus",
    "meeting": "users-three",
    "party": "cake",
    "lesson": "bicycle",
    "menu": "fork-knife",
    "works": "wrench",
    "strike": "megaphone-simple",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose agenda it is: the children, or the classes, among which one chooses."""

    user: Any
    children: tuple[Any, ...]  # enrolments
    classes: tuple[SchoolClass, ...]

    def ask(self, first: date, last: date, chosen: Any = None) -> AgendaAsk:
        """`chosen`: the id of a child or of a class of the reader's; anything else is taken for « everything »."""
        children = tuple(one for one in self.children if str(one.pupil_id) == str(chosen))
        classes = tuple(one for one in self.classes if str(one.pk) == str(chosen))
        if not children and not classes:
            children, classes = self.children, self.classes
        pupils = {one.pupil_id: one.school_class_id for one in children}
        return AgendaAsk(self.user, first, last, pupils, frozenset({*pupils.values(), *(one.pk for one in classes)}))

    def names(self, line: AgendaLine) -> list[str]:
        """The children a line is about; none when it is about all of them."""
        if len(self.children) < 2:
            return []
        return [one.pupil.person.first_name for one in self.children if one.pupil_id in line.pupils]

    def detail(self, line: AgendaLine) -> str:
        """« Inès · CE2 · Espace de Liberté »."""
        return " · ".join(filter(None, [", ".join(self.names(line)), line.detail, line.place]))


def reader_of(user: Any, profile: str) -> Reader:
    """Of a family, children; of staff, classes. One query."""
    if profile in {"guardian", "pupil"}:
        found = family_enrollments(user).select_related("pupil__person", "school_class__school")
        return Reader(user, tuple(found.order_by("pupil__person__birth_date", "pupil_id")), ())
    return Reader(user, (), tuple(classes_read_by(user).by_grade().select_related("school")))


def reader_of_feed(user: Any) -> Reader:
    """All that one is in the commune: a teacher who is a parent has both. Two queries."""
    family, staff = reader_of(user, "guardian"), reader_of(user, "")
    theirs = {one.school_class_id for one in family.children}
    return Reader(user, family.children, tuple(one for one in staff.classes if one.pk not in theirs))


def lines_of(ask: AgendaAsk) -> list[AgendaLine]:
    """In the order of time, days off first."""
    found = [line for source in registry.agenda_sources for line in source(ask)]
    return sorted(found, key=lambda line: (line.day, not line.is_off, line.begins_at or time.min, line.title))


def by_day(lines: Iterable[AgendaLine], first: date, last: date) -> list[tuple[date, list[AgendaLine]]]:
    """Every day of the range, with what happens then; what lasts is said on each of its days."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    lines = list(lines)
    return [(day, [line for line in lines if line.day <= day <= line.ends_on]) for day in days]


def hours(line: AgendaLine) -> str:
    if line.begins_at is None:
        return str(_("la journée"))
    if line.ends_at is None:
        return str(clock(line.begins_at))
    return _("%(start)s – %(end)s") % {"start": clock(line.begins_at), "end": clock(line.ends_at)}


# --- what this app brings to the registry


def dates(ask: AgendaAsk) -> list[AgendaLine]:
    """The days off (holidays of zone C, public holidays, bridge days), and the dates that somebody wrote here."""
    spans = CalendarDay.objects.filter(starts_on__lte=ask.last, ends_on__gte=ask.first)
    off = [_day_off(span) for span in spans]
    closed = {line.day + timedelta(days=n) for line in off for n in range((line.ends_on - line.day).days + 1)}
    events = Event.objects.visible_to(ask.user).between(ask.first, ask.last).meant_for(ask)
    rows = list(events.select_related("school", "school_class", "group"))
    places = _places_of(ask) if any(row.group_id for row in rows) else set(ask.pupils.items())
    return off + [_line(row, day, places) for row in rows for day in days_of(row, ask.first, ask.last, closed)]


def _places_of(ask: AgendaAsk) -> set[tuple[Any, Any]]:
    """(child, its class), and (child, a group where it is today)."""
    groups = PupilGroupMember.objects.lasting().filter(pupil__in=list(ask.pupils))
    return {*ask.pupils.items(), *groups.values_list("pupil_id", "group_id")}


def _day_off(span: CalendarDay) -> AgendaLine:
    return AgendaLine(
        day=span.starts_on,
        last=span.ends_on,
        title=span.label,
        kind=str(span.get_kind_display()),
        uid=str(span.pk),
        icon="umbrella",
        is_off=True,
    )


def _line(event: Event, day: date, places: set[tuple[Any, Any]]) -> AgendaLine:
    pupils = [pupil for pupil, place in places if place == event.place_id]
    return AgendaLine(
        day=day,
        last=day + (event.ends_on - event.starts_on),
        title=event.title,
        kind="" if event.kind == Event.Kind.OTHER else str(event.get_kind_display()),
        uid=f"{event.pk}-{day:%Y%m%d}",
        icon=ICONS.get(event.kind, "calendar-blank"),
        begins_at=event.begins_at,
        ends_at=event.ends_at,
        place=event.place,
        detail=event.reach,
        url=event.get_absolute_url(),
        pupils=tuple(pupils),
    )


# --- for a calendar program

NAME = gettext_lazy("Agenda de l’école")


def calendar_of(reader: Reader, today: date) -> bytes:
    """A month back, a year ahead. First names at most: the address may be read by others."""
    lines = lines_of(reader.ask(today - timedelta(days=31), today + timedelta(days=366)))
    return ical.calendar((_ical(line, reader) for line in lines), name=str(NAME), product="Agenda")


def _ical(line: AgendaLine, reader: Reader) -> ical.Event:
    names = ", ".join(reader.names(line))
    starts, ends = _bounds(line)
    title = f"{names} · {line.title}" if names else line.title
    return ical.Event(line.uid, starts, ends, title, line.place, line.detail)


def _bounds(line: AgendaLine) -> tuple[date, date]:
    if line.begins_at is None:
        return line.day, line.ends_on + timedelta(days=1)
    starts = _moment(line.day, line.begins_at)
    return starts, _moment(line.ends_on, line.ends_at) if line.ends_at else starts + timedelta(hours=1)


def _moment(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=timezone.get_default_timezone())
