from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Abs

from shared_apps.reference.scopes import scope_of

# A commune is compared to those that have between half and twice its pupils.
PEER_FACTOR = 2


class UsageMonthQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "UsageMonthQuerySet":
        """A DASEN: the département and its parts. An inspector: the circonscription and its schools, and no commune
        (its count would tell of the schools of a colleague).
        """
        scope = scope_of(user)
        if scope.is_whole:
            return self
        own = Q(level__in=("district", "school"), district__in=scope.districts)
        return self.filter(Q(department__in=scope.departments) | own)

    def of(self, level: str, code: str) -> "UsageMonthQuerySet":
        return self.filter(level=level, code=code)

    def between(self, first: Any, last: Any) -> "UsageMonthQuerySet":
        return self.filter(month__gte=first, month__lte=last).order_by("month")

    def children_of(self, level: str, code: str, part: str) -> "UsageMonthQuerySet":
        """The perimeters of level `part` inside another, the busiest first."""
        inside = {"academy": {}, "department": {"department": code}, "district": {"district": code}}
        conditions = inside.get(level, {"insee": code})
        return self.filter(level=part, **conditions).order_by("-visits", "code")

    def peers_of(self, row: Any) -> "UsageMonthQuerySet":
        near = self.filter(
            level=row.level,
            month=row.month,
            pupils__gte=row.pupils // PEER_FACTOR,
            pupils__lte=row.pupils * PEER_FACTOR,
        )
        return near.exclude(code=row.code).annotate(gap=Abs(F("pupils") - row.pupils)).order_by("gap", "code")
