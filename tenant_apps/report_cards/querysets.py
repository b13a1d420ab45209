"""Which reports: everything that shows one starts with `visible_to`."""

from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q

from shared_apps.signatures.models import SignatureRequest, Slot
from tenant_apps.people.models import Person, Pupil
from tenant_apps.report_cards.domains import BY_CYCLE, GRADES_OF
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

    def published(self) -> Self:
        """Those that a family has something to read of: validated once, perhaps open again."""
        return self.filter(editions__number=1)

    def visible_to(self, user: Any) -> Self:
        """Staff: those of the classes whose families they know. Once validated: the pupil, and its guardians with
        the authority, all the years of the child.
        """
        mine = Q(pupil__person__account=user) | Q(pupil__in=Pupil.objects.informing(user))
        family = self.published().filter(mine).values("pk")
        return self.filter(Q(school_class__in=SchoolClass.objects.families_open_to(user)) | Q(pk__in=family))

    def ready_for(self, user: Any) -> Self:
        """What a head may validate this year: each domain of the cycle has a position."""
        placed = Count("results", filter=Q(results__position__isnull=False))
        full = Q(pk__in=[])
        for cycle, domains in BY_CYCLE.items():
            full |= Q(grade__in=GRADES_OF[cycle], placed__gte=len(domains))
        written = self.filter(validated_at=None, period__year__in=SchoolYear.objects.current().values("pk"))
        headed = written.filter(school_class__school__in=School.objects.headed_by(user))
        return self.filter(pk__in=headed.annotate(placed=placed).filter(full).values("pk"))


class EditionQuerySet(models.QuerySet):
    def to_sign_by(self, user: Any) -> Self:
        """Of this year, for children still in their charge; not those that another's signature settled.

        By the request, not by a slot: who became a guardian since has none yet.
        """
        pupil = OuterRef("report__pupil_id")
        signed = _slots().filter(subject_id=pupil, signed_at__isnull=False)
        by_me = signed.filter(signer_id__in=Person.objects.filter(account=user).values("pk"))
        rows = self.filter(
            Exists(SignatureRequest.objects.filter(purpose=PURPOSE, object_id=OuterRef("pk"), closed_at=None)),
            report__pupil__in=Pupil.objects.informing(user),
            report__period__year__in=SchoolYear.objects.current().values("pk"),
        )
        return rows.exclude(Exists(signed.filter(request__rule="one"))).exclude(Exists(by_me))


def _slots() -> models.QuerySet:
    return Slot.objects.filter(request__purpose=PURPOSE, request__object_id=OuterRef("pk"))
