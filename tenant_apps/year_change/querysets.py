"""Which drafts: the head's own, those a head shares with the team, and what is published to a family."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from tenant_apps.people.models import Guardianship, StaffAssignment
from tenant_apps.people.roles import TEACHING
from tenant_apps.schools.models import School


class YearDraftQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The head; the teachers of the school when the head shares it. Never a family, never the town."""
        teaching = StaffAssignment.objects.of(user).on().filter(role__in=TEACHING, school=OuterRef("school"))
        return self.filter(Q(school__in=School.objects.headed_by(user)) | Q(Exists(teaching), is_shared=True))

    def to_apply(self) -> Self:
        """Whose year has begun, and that were announced or are due to be."""
        today = timezone.localdate()
        return self.filter(applied_at=None, publishes_at__lte=timezone.now(), year__starts_on__lte=today)


class PlacementQuerySet(models.QuerySet):
    def published(self, at: datetime | None = None) -> Self:
        return self.filter(draft__publishes_at__lte=at or timezone.now(), draft__applied_at=None)

    def visible_to(self, user: Any, at: datetime | None = None) -> Self:
        """What a family reads of next year: its own children's class, once published and until the year begins."""
        charge = Guardianship.objects.current().filter(guardian__account=user, pupil=OuterRef("pupil"))
        mine = Q(pupil__person__account=user) | Q(Exists(charge))
        return self.published(at).filter(mine).exclude(draft_class=None)
