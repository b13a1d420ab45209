"""Those whom a file no longer mentions. A person says who left; nobody leaves by being forgotten, and what was said can
be taken back for thirty days.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.text import sort_key
from shared_apps.audit.services import record
from tenant_apps.imports.lines import Line
from tenant_apps.people.models import Enrollment, Pupil
from tenant_apps.people.services.persons import check
from tenant_apps.schools.models import School

MANY, SHARE = 10, 0.05  # above the smaller of the two, the head types the number
UNDONE_WITHIN = timedelta(days=30)


def leave(school: School, lines: Iterable[Line]) -> int:
    """Their enrolment in this school ends today. The account is not touched: its rights end with the dates."""
    ids = [line.match_id for line in lines]
    if not ids:
        return 0
    today, now = timezone.localdate(), timezone.now()
    open_ones = Enrollment.objects.filter(pupil__in=ids, ends_on=None, school_class__school=school)
    gone = list(open_ones.values_list("pupil_id", flat=True))
    open_ones.update(ends_on=today, updated_at=now)
    Pupil.objects.filter(pk__in=gone).update(withdrawn_on=today, updated_at=now)
    return len(gone)


def wants_confirmation(school: School | None, count: int) -> bool:
    enrolled = Enrollment.objects.on().filter(school_class__school=school).count()
    return count > min(MANY, SHARE * enrolled)


def is_confirmed(school: School | None, count: int, typed: str) -> bool:
    """The number, or the name of the school."""
    name = sort_key(school.name) if school else ""
    return typed.strip() == str(count) or (bool(typed.strip()) and sort_key(typed) == name)


def recent(user: Any) -> Any:
    """The departures of the last thirty days of pupils who are in no class now, the last first."""
    again = Enrollment.objects.filter(ends_on=None).values("pupil")
    rows = ended_in_my_schools(user).filter(ends_on__gte=timezone.localdate() - UNDONE_WITHIN)
    rows = rows.filter(pupil__withdrawn_on__isnull=False).exclude(pupil__in=again)
    # A child who changed class before leaving has several: the one that ended with the departure.
    rows = rows.filter(ends_on=F("pupil__withdrawn_on"))
    return rows.order_by("-ends_on", "pupil__person__sort_name", "pk")


def ended_in_my_schools(user: Any) -> Any:
    rows = Enrollment.objects.filter(ends_on__isnull=False, school_class__school__in=School.objects.headed_by(user))
    return rows.select_related("pupil__person", "school_class__school")


@transaction.atomic
def undo_departure(*, actor: Any, enrollment: Enrollment) -> Enrollment:
    """As if the child had never left: same class, same day of entry."""
    check(actor, "people.manage_school", enrollment.school_class.school)
    locked = Enrollment.objects.select_for_update(of=("self",)).get(pk=enrollment.pk)
    if locked.ends_on is None or Enrollment.objects.filter(pupil=locked.pupil_id, ends_on=None).exists():
        raise DomainError(_("Cet élève est déjà revenu dans une classe."), code="already_back")
    if locked.ends_on < timezone.localdate() - UNDONE_WITHIN:
        raise DomainError(_("Ce départ a plus de trente jours : inscrivez l’élève à nouveau."), code="too_late")
    locked.ends_on = None
    locked.save(update_fields=["ends_on", "updated_at"])
    Pupil.objects.filter(pk=locked.pupil_id).update(withdrawn_on=None, updated_at=timezone.now())
    record(actor=actor, action="imports.departure_undone", obj=locked)
    return locked
