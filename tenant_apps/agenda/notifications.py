"""What families are told of the dates of a class or of a group: a moment after they were written, once for what was
written in a row; nothing of what was removed meanwhile. Each message names the children.
"""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from core.words import clock, day
from shared_apps.notifications import outbox
from shared_apps.notifications.services import Notice, notify_all
from tenant_apps.agenda.models import Event
from tenant_apps.people.models import Enrollment, Guardianship, PupilGroupMember

FAMILIES = "agenda.families"
# Kinds of news: what changes is told at once, unless one chose otherwise.
NEW, CHANGED = "agenda.date", "agenda.changed"
TOLD_AFTER = timedelta(minutes=10)


def is_for_families(event: Event) -> bool:
    """Of a class or a group, and not over."""
    return bool(event.school_class_id or event.group_id) and event.last_day >= timezone.localdate()


def plan(event: Event) -> None:
    """One effect for each writing; of several in a row, only the last one says something."""
    if is_for_families(event):
        at = event.updated_at.isoformat()
        facts = {"event": str(event.pk), "at": at}
        outbox.put(FAMILIES, key=f"{FAMILIES}:{event.pk}:{at}", payload=facts, not_before=timezone.now() + TOLD_AFTER)


def tell_families(payload: dict[str, Any]) -> None:
    """As the date is now: what was removed, or written again since, is not told by this."""
    event = Event.objects.select_for_update(of=("self",)).filter(pk=payload["event"]).first()
    if event is None or event.updated_at.isoformat() != payload["at"] or not is_for_families(event):
        return
    is_new = event.told_at is None
    words = _("%(children)s · Nouvelle date : %(what)s") if is_new else _("%(children)s · Date changée : %(what)s")
    _tell(event, NEW if is_new else CHANGED, words, occasion=payload["at"])
    Event.objects.filter(pk=event.pk).update(told_at=timezone.now())


def tell_gone(event: Event) -> None:
    """It was told, and takes place no more for these children."""
    if event.told_at is not None and is_for_families(event):
        _tell(event, CHANGED, _("%(children)s · Date annulée : %(what)s"), occasion=f"gone:{event.told_at.isoformat()}")


def _tell(event: Event, kind: str, words: str, *, occasion: str) -> None:
    """One message for each adult, with the names of their children whom it concerns."""
    links: dict[Any, list[Guardianship]] = defaultdict(list)
    informed = Guardianship.objects.informed().filter(pupil__in=_pupils(event), guardian__account__isnull=False)
    for link in informed.select_related("guardian__account", "pupil__person").order_by(
        "pupil__person__birth_date", "pk"
    ):
        links[link.guardian.account].append(link)
    what, path = _what(event), _path(event)
    notify_all(
        Notice(
            user,
            kind,
            words % {"children": _names(of_the_adult), "what": what},
            path,
            f"{FAMILIES}:{event.pk}:{occasion}:{user.pk}",
            [link.pupil_id for link in of_the_adult],
        )
        for user, of_the_adult in links.items()
    )


def _pupils(event: Event) -> Any:
    """Of the class today; of the group today, and in a class."""
    enrolled = Enrollment.objects.on()
    if event.school_class_id:
        return enrolled.filter(school_class=event.school_class_id).values("pupil")
    members = PupilGroupMember.objects.lasting().filter(group=event.group_id)
    return enrolled.filter(pupil__in=members.values("pupil")).values("pupil")


def _names(links: list[Guardianship]) -> str:
    return get_text_list([link.pupil.person.first_name for link in links], _("et"))


def _what(event: Event) -> str:
    """« Piscine, mardi 24 novembre à 9 h », « Piscine, chaque semaine »."""
    when = event.get_repeats_display() if event.is_repeated else day(event.starts_on)
    if event.begins_at:
        when = _("%(day)s à %(time)s") % {"day": when, "time": clock(event.begins_at)}
    return f"{event.title}, {when}"


def _path(event: Event) -> str:
    """The week of it: a page that stays when the date goes."""
    first = max(event.starts_on, timezone.localdate())
    return f"{reverse('agenda:agenda')}?{urlencode({'jour': first})}"
