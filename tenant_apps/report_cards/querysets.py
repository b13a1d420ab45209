"""Which reports: everything that shows one starts with `visible_to`."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from shared_apps.signatures.models import Slot
from tenant_apps.people.models import Guardianship, Pupil
from tenant_apps.schools.models import School, SchoolClass, SchoolYear

PURPOSE = "report_cards.report"


class ReportPeriodQuerySet(models.QuerySet):
    def of_this_year(self) -> Self:
        return self.filter(year__in=SchoolYear.objects.current().values("pk"))

    def headed_by(self, user: Any) -> Self:
        return self.filter(school__in=School.objects.headed_by(user))


class ReportCardQuerySet(models.QuerySet):
    def validated(self) -> Self:
        return self.exclude(validated_at=None)

    def visible_to(self, user: Any) -> Self:
        """Staff: those of the classes whose families they know. Once validated: the pupil, and its guardians with
        the authority, all the years of the child.
        """
        staff = Q(school_class__in=SchoolClass.objects.families_open_to(user))
        family = Q(pupil__person__account=user) | Q(pupil__in=Pupil.objects.informing(user))
        return self.filter(staff | Q(family, validated_at__isnull=False))


def slots_visible_to(user: Any) -> models.QuerySet:
    """Where this guardian signs, for children still in their charge."""
    charge = Guardianship.objects.informed().of(user)
    return Slot.objects.filter(
        Exists(charge.filter(guardian_id=OuterRef("signer_id"), pupil_id=OuterRef("subject_id"))),
        request__purpose=PURPOSE,
    )
