from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from tenants.models import Commune  # noqa: F401


class CommuneQuerySet(models.QuerySet["Commune"]):
    def reachable(self) -> "CommuneQuerySet":
        """Those whose address answers people, be it for reading only."""
        return self.filter(state__in=self.model.REACHABLE)

    def laid(self) -> "CommuneQuerySet":
        """Those that have a schema to migrate, count or export: the archived ones too, until they are erased."""
        return self.exclude(state=self.model.State.OPENING)

    def awake(self) -> "CommuneQuerySet":
        """Those where things happen by themselves."""
        return self.laid().exclude(state__in=self.model.PAUSED)
