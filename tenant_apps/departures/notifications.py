"""What is told of a departure, to the person and, for a child, to those who answer for it."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.words import dated
from shared_apps.notifications.models import Notification
from shared_apps.notifications.services import Notice, notify_all
from tenant_apps.departures.models import Departure
from tenant_apps.people.models import Guardianship
from tenant_apps.schools.models import SchoolYear

WARNING, ARCHIVES = "departures.warning", "departures.works"


def warn(rows: Iterable[Departure]) -> None:
    rows = list(rows)
    notify_all([*_to_themselves(rows), *_to_guardians(rows)])


def _to_themselves(rows: list[Departure]) -> Iterable[Notice]:
    words = _("Votre compte sera effacé le %(day)s : emportez vos données avant")
    for row in rows:
        if row.person.account is not None:
            title = words % {"day": _day(row)}
            yield Notice(row.person.account, WARNING, title, _page(), _key(row, "own"))


def _to_guardians(rows: list[Departure]) -> Iterable[Notice]:
    by_person = {row.person_id: row for row in rows}
    links = Guardianship.objects.informed().filter(pupil__person__in=by_person, guardian__account__isnull=False)
    words = _("%(child)s · Son compte sera effacé le %(day)s : emportez ses travaux avant")
    for link in links.select_related("guardian__account", "pupil__person").order_by("pk"):
        row = by_person[link.pupil.person_id]
        title = words % {"child": link.pupil.person.first_name, "day": _day(row)}
        yield Notice(link.guardian.account, WARNING, title, _page(), _key(row, str(link.pk)), [link.pupil_id])


def announce_archives(pupils: Any, year: SchoolYear) -> int:
    """Once a year each. What was told is looked up: its mail's own trace does not last all the summer."""
    links = Guardianship.objects.informed().filter(pupil__in=pupils, guardian__account__isnull=False)
    words = _("%(child)s · Quitte l’école : vous pouvez emporter ses travaux")
    notices = [
        Notice(
            user=link.guardian.account,
            kind=ARCHIVES,
            title=words % {"child": link.pupil.person.first_name},
            path=_page(),
            key=f"works-{year.pk}-{link.pk}",
            subject_ids=[link.pupil_id],
        )
        for link in links.select_related("guardian__account", "pupil__person").order_by("pk")
    ]
    told = set(Notification.objects.filter(kind=ARCHIVES).values_list("key", flat=True))
    fresh = [notice for notice in notices if notice.key not in told]
    notify_all(fresh)
    return len(fresh)


def _day(row: Departure) -> str:
    return dated(row.erased_on)


def _page() -> str:
    return reverse("departures:leaving")


def _key(row: Departure, whom: str) -> str:
    return f"departure-{row.pk}-{row.last_warning}-{whom}"
