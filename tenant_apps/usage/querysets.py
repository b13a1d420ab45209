from typing import Any, Self

from django.db import models

from tenant_apps.people.models import StaffAssignment
from tenant_apps.schools.models import School


class CountedDayQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """A head: the schools they lead. The town's school service: all."""
        if StaffAssignment.objects.of(user).on().for_the_whole_commune().exists():
            return self
        return self.filter(uai__in=School.objects.headed_by(user).order_by().values("uai"))
