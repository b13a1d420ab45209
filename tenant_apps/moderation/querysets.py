"""Which reports: a head reads, of what others write to each other, what was reported and nothing else."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef

from tenant_apps.people.models import StaffAssignment
from tenant_apps.people.roles import Role


class ReportQuerySet(models.QuerySet):
    model: Any  # of `AbstractReport`

    def visible_to(self, user: Any) -> Self:
        """Those of the schools that one heads; never about oneself."""
        heading = StaffAssignment.objects.of(user).on().filter(role=Role.HEAD, school=OuterRef("school"))
        return self.filter(Exists(heading)).exclude(**{f"{self.model.WORDS}__author": user})

    def waiting(self) -> Self:
        return self.filter(state="waiting")

    def about(self, words: Any) -> Self:
        return self.filter(**{self.model.WORDS: words})
