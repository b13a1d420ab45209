from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from tenants.models import Commune  # noqa: F401


class CommuneQuerySet(models.QuerySet["Commune"]):
    def reachable(self) -> "CommuneQuerySet":
        """Those whose address answers people, be it for reading only."""
        return self.filter(state__in=self.model.REACHABLE)

    def laid(self) -> "CommuneQuerySet":
        """Those that have a schema to migrate, count or export."""
        return self.exclude(state__in=[self.model.State.OPENING, self.model.State.ARCHIVED])
