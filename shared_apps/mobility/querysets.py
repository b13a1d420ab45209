"""Which postings: those of a day, those that a commune must know, those that an officer sees."""

from datetime import date
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from shared_apps.reference.models import RefSchool
from shared_apps.reference.scopes import scope_of


class PostingQuerySet(models.QuerySet):
    def of(self, user: Any) -> Self:
        return self.filter(staff__user=user)

    def ahead(self) -> Self:
        """Of today or to come: what a commune must know."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=timezone.localdate()), released_on=None)

    def on(self, day: date | None = None) -> Self:
        day = day or timezone.localdate()
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day, released_on=None)

    def overlapping(self, starts_on: date, ends_on: date | None) -> Self:
        rows = self.filter(Q(ends_on=None) | Q(ends_on__gt=starts_on), released_on=None)
        return rows.filter(starts_on__lt=ends_on) if ends_on else rows

    def visible_to(self, user: Any) -> Self:
        """The whole académie for its officers; an inspector's circonscription for the inspector."""
        scope = scope_of(user)
        if scope.is_whole:
            return self
        return self.none() if scope.is_empty else self.filter(school__in=RefSchool.objects.visible_to(user))


class MovingStaffQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        scope = scope_of(user)
        if scope.is_whole:
            return self
        if scope.is_empty:
            return self.none()
        postings = apps.get_model("mobility", "Posting").objects.visible_to(user).filter(staff=OuterRef("pk"))
        return self.filter(Q(added_by=user) | Exists(postings))
