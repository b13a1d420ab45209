"""Whose departures and archives one may see."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from tenant_apps.people.models import Guardianship, Person, StaffAssignment
from tenant_apps.schools.models import School


class DepartureQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Oneself, one's children, and the pupils and staff who left the school one heads."""
        return self.filter(Q(person__in=subjects_of(user)) | Q(school__in=School.objects.headed_by(user)))

    def counted_for(self, user: Any) -> Self:
        """Those a page may count without naming them: the school service counts all."""
        mine = StaffAssignment.objects.of(user).on().for_the_whole_commune()
        return self.filter(Q(school__in=School.objects.headed_by(user)) | Q(Exists(mine)))


class ArchiveQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Whoever asked, while the child is still theirs to answer for."""
        return self.filter(requested_by=user, person__in=subjects_of(user))

    def ready(self) -> Self:
        return self.filter(file_id__isnull=False, expires_at__gt=timezone.now())


def subjects_of(user: Any) -> Any:
    """Oneself, and the children for whom one holds the parental authority."""
    charge = Guardianship.objects.informed().filter(guardian__account=user, pupil__person=OuterRef("pk"))
    return Person.objects.filter(Q(account=user) | Q(Exists(charge)))
