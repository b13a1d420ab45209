from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef

from tenant_apps.people.models import StaffAssignment


class ImportPlanQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Those of the schools one heads today."""
        heading = StaffAssignment.objects.of(user).on().filter(role=StaffAssignment.Role.HEAD)
        return self.filter(Exists(heading.filter(school=OuterRef("school"))))


class ImportLineQuerySet(models.QuerySet):
    def counts(self) -> dict[str, int]:
        rows = self.order_by().values_list("status").annotate(n=Count("pk"))
        found = dict(rows)
        field: Any = self.model._meta.get_field("status")
        return {status: found.get(status, 0) for status, _label in field.choices}

    def undecided(self) -> Self:
        return self.filter(status="to_decide", decision__in=["", "wait"])
