"""Each night: who has just lost their last right, who found one again, who is to be warned, who is to be erased."""

import logging
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.locks import one_at_a_time
from shared_apps.audit.services import record
from tenant_apps.departures import archives, erasure, notifications
from tenant_apps.departures.models import Departure
from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil, StaffAssignment
from tenant_apps.people.rights_end import without_right

BATCH = 50
log = logging.getLogger(__name__)


def follow_all() -> dict[str, int]:
    """Everything, in small transactions: killed anywhere, it goes on the next night where it was."""
    counts = update_departures()
    counts["warned"] = warn()
    archives.announce_leavers()
    archives.forget_expired()
    counts["erased"] = erase_due()
    return counts


@transaction.atomic
def update_departures() -> dict[str, int]:
    """New ones, and those whose right opened again, whose count stops."""
    one_at_a_time("departures")
    today = timezone.localdate()
    gone = without_right(today)
    back = Departure.objects.exclude(person__in=list(gone))
    returned, _details = back.delete()
    known = set(Departure.objects.values_list("person", flat=True))
    fresh = {person: since for person, since in gone.items() if person not in known}
    rows = _departures(fresh, today)
    Departure.objects.bulk_create(rows)
    _move(gone)
    if rows or returned:
        record(actor=None, action="departures.updated", begun=len(rows), returned=returned)
    return {"begun": len(rows), "returned": returned}


def _move(gone: dict[Any, date]) -> None:
    """An end that was moved while the count ran: later, never earlier."""
    for row in Departure.objects.filter(person__in=list(gone)):
        if row.since < gone[row.person_id]:
            Departure.objects.filter(pk=row.pk).update(since=gone[row.person_id], updated_at=timezone.now())


def _departures(fresh: dict[Any, date], today: date) -> list[Departure]:
    kinds, schools = _kinds(fresh), _schools(fresh)
    return [
        Departure(person_id=person, since=since, first_told_on=today, kind=kinds[person], school_id=schools.get(person))
        for person, since in fresh.items()
    ]


def _kinds(persons: Iterable[Any]) -> dict[Any, str]:
    ids = list(persons)
    pupils = set(Pupil.objects.filter(person__in=ids).values_list("person", flat=True))
    staff = set(StaffAssignment.objects.filter(person__in=ids).values_list("person", flat=True))
    kind = Departure.Kind
    return {pk: kind.PUPIL if pk in pupils else kind.STAFF if pk in staff else kind.GUARDIAN for pk in ids}


def _schools(persons: Iterable[Any]) -> dict[Any, Any]:
    """The last one: whose head follows the departure. An adult's is their child's."""
    ids = list(persons)
    own = Enrollment.objects.filter(pupil__person__in=ids).order_by("ends_on", "pk")
    found = dict(own.values_list("pupil__person", "school_class__school"))
    links = Guardianship.objects.filter(guardian__in=ids).order_by("pk")
    children = dict(
        Enrollment.objects.filter(pupil__in=links.values("pupil"))
        .order_by("ends_on", "pk")
        .values_list("pupil", "school_class__school")
    )
    for guardian, pupil in links.values_list("guardian", "pupil"):
        if pupil in children:
            found.setdefault(guardian, children[pupil])
    staff = StaffAssignment.objects.filter(person__in=ids).exclude(school=None).order_by("ends_on", "pk")
    return found | dict(staff.values_list("person", "school"))


@transaction.atomic
def warn() -> int:
    """On the days of `ENT_DEPARTURE_WARNINGS`; when some were missed, the last alone."""
    one_at_a_time("departures")
    told = []
    for row in Departure.objects.select_related("person__account").order_by("pk"):
        reached = [day for day in settings.ENT_DEPARTURE_WARNINGS if day <= row.day_number]
        if reached and reached[-1] > row.last_warning:
            row.last_warning = reached[-1]
            told.append(row)
    Departure.objects.bulk_update(told, ["last_warning"])
    notifications.warn(told)
    return len(told)


def rehearse() -> list[Departure]:
    """Who would go when, those whom the next night will find included. Writes nothing."""
    gone, today = without_right(), timezone.localdate()
    known = list(Departure.objects.filter(person__in=list(gone)))
    fresh = {person: since for person, since in gone.items() if person not in {row.person_id for row in known}}
    return sorted([*known, *_departures(fresh, today)], key=lambda row: (row.erased_on, str(row.person_id)))


def due() -> list[Departure]:
    """Whom the next pass erases: `erased_on` is today or before."""
    today = timezone.localdate()
    return [row for row in Departure.objects.order_by("since", "pk") if row.erased_on <= today]


def erase_due() -> int:
    """In batches; one that the database refuses is tried one by one, so that nobody waits for another's fault."""
    ids = [row.person_id for row in due()]
    done = 0
    for start in range(0, len(ids), BATCH):
        done += _erase(ids[start : start + BATCH])
    return done


def _erase(ids: list[Any]) -> int:
    try:
        return _erase_if_still_gone(ids)
    except Exception as error:  # whatever the database or a feature raises
        if len(ids) > 1:
            return sum(_erase([pk]) for pk in ids)
        log.error("departures.erasure_failed", extra={"object_id": ids[0], "error": type(error).__name__})
        return 0


@transaction.atomic
def _erase_if_still_gone(ids: list[Any]) -> int:
    """Looked at again under lock: an enrolment that arrives meanwhile needs the row that is held here."""
    one_at_a_time("departures")
    list(Person.objects.filter(pk__in=ids).order_by("pk").select_for_update())
    list(Pupil.objects.filter(person__in=ids).order_by("pk").select_for_update())
    rows = Departure.objects.filter(person__in=without_right(among=ids))
    today = timezone.localdate()
    leaving = [row for row in rows if row.erased_on <= today]
    erasure.erase(leaving)
    return len(leaving)
