"""A pupil who moved away forty days ago, with a family that has no other child here: warned, and soon erased."""

from datetime import date, timedelta

from django.utils import timezone

from provisioning.demo.clock import at, moment
from tenant_apps.departures import follow
from tenant_apps.departures.models import Departure
from tenant_apps.people.models import Enrollment, Guardianship
from tenant_apps.people.services import end_enrollment
from tenant_apps.schools.models import School

AGO = timedelta(days=40)


def seed(school: School, began_on: date) -> None:
    """Safe to repeat. In September the school has hardly begun: the pupil leaves the day after."""
    if Departure.objects.exists():
        return
    row = _one_whose_family_leaves_too(school)
    if row is None:
        return
    today = timezone.localdate()
    day = min(max(today - AGO, began_on + timedelta(days=1)), today)
    with at(moment(day, 17)):
        end_enrollment(actor=None, pupil=row.pupil, on=day)
    # Each night as it came, so that the warnings bear their own dates.
    for night in (day, day + timedelta(days=30)):
        if night <= today:
            with at(moment(night, 4)):
                follow.update_departures()
                follow.warn()


def _one_whose_family_leaves_too(school: School) -> Enrollment | None:
    rows = Enrollment.objects.on().filter(school_class__school=school, grade="CE2").select_related("pupil")
    for row in rows.order_by("pupil__person__sort_name", "pk"):
        adults = Guardianship.objects.current().filter(pupil=row.pupil, guardian__account__activated_at__isnull=False)
        others = Guardianship.objects.filter(guardian__in=adults.values("guardian")).exclude(pupil=row.pupil)
        if adults.exists() and not others.exists():
            return row
    return None
