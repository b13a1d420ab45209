from typing import Any, Self

from django.db import models

from tenant_apps.schools.models import School


class SchoolRuleQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Those of the schools where one works."""
        return self.filter(school__in=School.objects.worked_in_by(user))
