from typing import Any, Self

from django.db import models

from tenant_apps.schools.models import School


class EquipmentQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """That of the schools where one works; of all of them for the town's school service."""
        return self.filter(school__in=School.objects.worked_in_by(user))
