"""What attendance sends, to whom. The reason stays inside: a title is read on a locked screen, and by mail."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.words import clock, day
from shared_apps.notifications import outbox
from shared_apps.notifications.services import Notice, notify_all
from tenant_apps.attendance.half_days import Half
from tenant_apps.attendance.models import Announcement, Mark, RollCall
from tenant_apps.people.models import Enrollment, Guardianship, StaffAssignment

FAMILIES = "attendance.families"


def plan_families(roll: RollCall, told_absent: Collection[Any] = ()) -> None:
    """Of today only: the worker finds who must be told. `told_absent`: who was said to be absent, and no longer is."""
    if roll.day == timezone.localdate():
        payload = {"roll": str(roll.pk), "told": [str(pk) for pk in told_absent]}
        outbox.put(FAMILIES, key=f"{FAMILIES}:{roll.pk}:{roll.version}", payload=payload)


def tell_families(payload: dict[str, Any]) -> None:
    """As the register is now: an absence explained or mended meanwhile is not told."""
    roll = RollCall.objects.filter(pk=payload["roll"]).first()
    if roll is None:
        return
    marks = {str(mark.pupil_id): mark for mark in roll.marks.all()}
    absent = [pk for pk, mark in marks.items() if mark.is_absence and not mark.reason]
    here = [pk for pk in payload["told"] if pk not in marks or not marks[pk].is_absence]
    notices = [_absent(link, roll) for link in _informed(absent)]
    notices += [_here(link, roll, marks.get(str(link.pupil_id))) for link in _informed(here)]
    notify_all(notices)


def _informed(pupils: Collection[Any]) -> Iterable[Guardianship]:
    """Those with the authority who have an account, and the child."""
    if not pupils:
        return []
    links = Guardianship.objects.informed().filter(pupil__in=pupils, guardian__account__isnull=False)
    return links.select_related("guardian__account", "pupil__person")


def _absent(link: Guardianship, roll: RollCall) -> Notice:
    name = {"name": link.pupil.person.first_name}
    morning = _("%(name)s · Pas en classe ce matin : dites pourquoi à l’école")
    afternoon = _("%(name)s · Pas en classe cet après-midi : dites pourquoi à l’école")
    title = morning if roll.half == Half.AM else afternoon
    # Once a day: the afternoon of a child that was away all the morning is no news.
    query = urlencode({"enfant": link.pupil_id, "jour": roll.day, "demi": roll.half})
    url = f"{reverse('attendance:declare')}?{query}"
    return _notice(link.guardian.account, "absent", title % name, url, f"{link.pupil_id}:{roll.day}", [link.pupil_id])


def _here(link: Guardianship, roll: RollCall, mark: Mark | None) -> Notice:
    facts = {"name": link.pupil.person.first_name, "time": clock(mark.at) if mark and mark.at else ""}
    arrived = _("%(name)s · Arrivé en classe à %(time)s") if facts["time"] else _("%(name)s · En classe, finalement")
    key = f"{link.pupil_id}:{roll.pk}:{roll.version}"
    return _notice(link.guardian.account, "here", arrived % facts, reverse("attendance:absences"), key, [link.pupil_id])


def announced(made: Sequence[Announcement]) -> None:
    """To the teachers of each child's class and to the head, at once."""
    said = _("%(name)s (%(label)s) · Absence annoncée %(when)s")
    _tell_school(made, "announced", said)


def withdrawn(announcement: Announcement) -> None:
    _tell_school([announcement], "withdrawn", _("%(name)s (%(label)s) · Sera là, finalement : %(when)s"))


def _tell_school(made: Sequence[Announcement], kind: str, said: str) -> None:
    rows = Enrollment.objects.on().filter(pupil__in=[one.pupil_id for one in made])
    places = {row.pupil_id: row for row in rows.select_related("pupil__person", "school_class")}
    staff, url = _staff_of(row.school_class for row in places.values()), reverse("attendance:announcements")
    notices = []
    for one in made:
        place = places[one.pupil_id]
        facts = {"name": place.pupil.person.first_name, "label": place.school_class.label, "when": when(one)}
        users = {user.pk: user for user in staff[place.school_class_id] + staff[place.school_class.school_id]}
        notices += [_notice(u, kind, said % facts, url, str(one.pk), [one.pupil_id]) for u in users.values()]
    notify_all(notices)


def _staff_of(classes: Iterable[Any]) -> dict[Any, list[Any]]:
    """Accounts: of a class its teachers of the day, of a school its head."""
    classes = list(classes)
    staff: dict[Any, list[Any]] = {pk: [] for one in classes for pk in (one.pk, one.school_id)}
    rows = StaffAssignment.objects.on().filter(person__account__isnull=False).select_related("person__account")
    teaching = rows.teaching().filter(school_class__in=classes)
    heading = rows.heading().filter(school__in=[one.school_id for one in classes])
    for row in teaching | heading:
        place = row.school_id if row.role == StaffAssignment.Role.HEAD else row.school_class_id
        staff[place].append(row.person.account)
    return staff


def when(one: Announcement) -> str:
    """« jeudi 26 novembre (matin) », « du … au … »."""
    if one.starts_on != one.ends_on:
        return _("du %(first)s au %(last)s") % {"first": day(one.starts_on), "last": day(one.ends_on)}
    if one.starts_half == one.ends_half:
        return _("%(day)s (%(half)s)") % {"day": day(one.starts_on), "half": one.get_starts_half_display()}
    return day(one.starts_on)


def _notice(user: Any, kind: str, title: str, url: str, key: str, subjects: list[Any]) -> Notice:
    kind = f"attendance.{kind}"
    return Notice(user, kind, title, url, f"{kind}:{key}:{user.pk}", subjects)
