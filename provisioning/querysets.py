from typing import Any, Self

from django.db import models

from shared_apps.reference.models import RefCommune


class OpeningQuerySet(models.QuerySet):
    model: Any  # Opening, whose module imports this one

    def visible_to(self, user: Any) -> Self:
        """Those of the communes that this member of the staff sees."""
        return self.filter(insee__in=RefCommune.objects.visible_to(user).values("insee"))

    def of_commune(self, insee: str) -> Self:
        return self.filter(insee=insee)

    def under_way(self) -> Self:
        return self.filter(state__in=[self.model.State.REQUESTED, self.model.State.RUNNING])

    def unfinished(self) -> Self:
        return self.exclude(state=self.model.State.READY)
