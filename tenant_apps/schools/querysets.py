from datetime import date

from django.db import models
from django.utils import timezone


class SchoolQuerySet(models.QuerySet):
    def open(self) -> "SchoolQuerySet":
        return self.filter(is_open=True)


class SchoolYearQuerySet(models.QuerySet):
    def current(self, on: date | None = None) -> "SchoolYearQuerySet":
        """The year of a day; in August, the one that begins."""
        day = on or timezone.localdate()
        return self.filter(ends_on__gte=day).order_by("starts_on")[:1]


class SchoolClassQuerySet(models.QuerySet):
    def current(self, on: date | None = None) -> "SchoolClassQuerySet":
        day = on or timezone.localdate()
        return self.filter(year__starts_on__lte=day, year__ends_on__gte=day)
