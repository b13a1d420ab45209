from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from shared_apps.statistics.querysets import RollupQuerySet
from shared_apps.statistics.targets import Target
from shared_apps.statistics.usage.models import UsageDay, UsageMonth

__all__ = ["Rollup", "Target", "UsageDay", "UsageMonth"]


class Rollup(BaseModel):
    """One figure of one commune, one day: how many notes, signatures, accounts… Counts only, never a person.

    `value` is the total at the end of that day. The latest day of each figure is marked, so that a count over all
    communes reads one partial index and not years of days.
    """

    insee = models.CharField(_("commune"), max_length=5)
    uai = models.CharField(_("école"), max_length=8, blank=True)  # empty: the commune as a whole
    metric = models.CharField(_("mesure"), max_length=60)
    day = models.DateField(_("jour"))
    value = models.PositiveBigIntegerField(_("valeur"))
    is_latest = models.BooleanField(_("dernière valeur connue"), default=True)

    objects = RollupQuerySet.as_manager()

    class Meta:
        verbose_name = _("mesure quotidienne")
        verbose_name_plural = _("mesures quotidiennes")
        ordering = ["-day", "metric", "insee", "uai"]
        constraints = [
            models.UniqueConstraint(fields=["insee", "uai", "metric", "day"], name="rollup_once_a_day"),
            models.UniqueConstraint(
                fields=["metric", "insee", "uai"],
                condition=models.Q(is_latest=True),
                include=["value", "day"],
                name="rollup_one_latest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.insee} {self.uai} {self.metric} {self.day}: {self.value}"
