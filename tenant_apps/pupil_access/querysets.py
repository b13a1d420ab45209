"""Which doors are open, whose keys they let in."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from tenant_apps.people.models import Enrollment, Pupil
from tenant_apps.schools.models import SchoolClass


class ClassDoorQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Open now, of a class of this year."""
        return self.filter(closes_at__gt=timezone.now(), school_class__in=SchoolClass.objects.current())

    def visible_to(self, user: Any) -> Self:
        return self.filter(school_class__in=SchoolClass.objects.families_open_to(user))


class PupilKeyQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Of the pupils whose access one keeps: the class's teachers, the head. A child never sees its own."""
        return self.filter(pupil__in=Pupil.objects.families_open_to(user))

    def in_class(self, school_class: Any) -> Self:
        enrolled = Enrollment.objects.on().filter(school_class=school_class, pupil=OuterRef("pupil"))
        return self.filter(Exists(enrolled))

    def asking(self) -> Self:
        return self.filter(help_asked_at__isnull=False)

    def usable(self) -> Self:
        """Of a pupil who has a class today and a live account."""
        enrolled = Enrollment.objects.on().filter(pupil=OuterRef("pupil"))
        return self.filter(Q(pupil__person__account__is_active=True) & Exists(enrolled))
