from typing import Any

from django.db import models
from django.db.models import Max, Sum


class RollupQuerySet(models.QuerySet):
    def latest_values(self) -> "RollupQuerySet":
        return self.filter(is_latest=True)

    def of(self, *metrics: str) -> "RollupQuerySet":
        return self.filter(metric__in=metrics)

    def totals(self) -> dict[str, int]:
        """Sum by metric over the communes of this set, from the index alone."""
        rows = self.latest_values().order_by().values_list("metric").annotate(total=Sum("value"))
        return dict(rows)

    def by_commune(self) -> dict[tuple[str, str], int]:
        """(insee, metric) -> total."""
        rows: Any = self.latest_values().order_by().values_list("insee", "metric").annotate(total=Sum("value"))
        return {(insee, metric): total for insee, metric, total in rows}

    def last_day(self) -> Any:
        return self.latest_values().aggregate(day=Max("day"))["day"]
