from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone


class PublicFactsQuerySet(models.QuerySet):
    """What is announced to everybody: each member of the academy's staff reads it."""

    def visible_to(self, user: Any) -> Self:
        return self if user.has_perm("maintenance.view_maintenance") else self.none()


class WindowQuerySet(PublicFactsQuerySet):
    def ahead(self) -> Self:
        """Under way or to come."""
        return self.filter(cancelled_at=None, ends_at__gt=timezone.now())

    def behind(self) -> Self:
        return self.filter(Q(ends_at__lte=timezone.now()) | ~Q(cancelled_at=None)).order_by("-starts_at", "id")


class IncidentQuerySet(PublicFactsQuerySet):
    def unfinished(self) -> Self:
        return self.filter(ended_at=None)

    def since(self, moment: datetime) -> Self:
        return self.filter(Q(ended_at=None) | Q(started_at__gte=moment))


class ChangeQuerySet(PublicFactsQuerySet):
    def published(self) -> Self:
        return self.filter(published_at__lte=timezone.now())
