from django.db import models
from django.utils.translation import gettext_lazy as _

from shared_apps.statistics.usage.models import UsageFigures
from tenant_apps.usage.querysets import CountedDayQuerySet


class CountedDay(UsageFigures):
    """A school's day: what its head reads, and what went up. Counts only."""

    uai = models.CharField(_("école"), max_length=8, blank=True)  # empty: who works for the town as a whole
    day = models.DateField(_("jour"))

    objects = CountedDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("jour compté")
        verbose_name_plural = _("jours comptés")
        ordering = ["-day", "uai"]
        constraints = [models.UniqueConstraint(fields=["day", "uai"], name="usage_counted_day_once")]

    def __str__(self) -> str:
        return f"{self.uai} {self.day}"
