"""Rows start from the person's relations. Everything else that shows people asks these."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone


class DatedQuerySet(models.QuerySet):
    """Rows with `starts_on` and `ends_on` (excluded, empty while it lasts)."""

    def on(self, day: date | None = None) -> Self:
        day = day or timezone.localdate()
        return self.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gt=day))


class PersonQuerySet(models.QuerySet):
    pass


class StaffAssignmentQuerySet(DatedQuerySet):
    def of(self, user: Any) -> Self:
        return self.filter(person__account=user)


class GuardianshipQuerySet(models.QuerySet):
    def current(self) -> Self:
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=timezone.localdate()))

    def informed(self) -> Self:
        """Those who get what the school writes: both holders of the parental authority, alike."""
        return self.current().filter(has_parental_authority=True)


class PupilQuerySet(models.QuerySet):
    def enrolled(self, day: date | None = None) -> Self:
        day = day or timezone.localdate()
        return self.filter(
            Q(enrollments__ends_on=None) | Q(enrollments__ends_on__gt=day), enrollments__starts_on__lte=day
        ).distinct()
