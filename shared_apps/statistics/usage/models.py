from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from shared_apps.statistics.usage.querysets import UsageMonthQuerySet


class UsageFigures(BaseModel):
    """What was counted. `cells` holds the breakdown (see `tally`): a row per school and not one per cell, so that two
    years of an académie are a million rows and not a hundred.
    """

    visits = models.PositiveIntegerField(_("visites"))
    visitors = models.PositiveIntegerField(_("visiteurs"))
    connections = models.PositiveIntegerField(_("connexions"))
    cells = models.JSONField(_("détail"), default=dict)

    class Meta:
        abstract = True


class UsageDay(UsageFigures):
    """A school's day, as its commune counted it."""

    insee = models.CharField(_("commune"), max_length=5)
    uai = models.CharField(_("école"), max_length=8, blank=True)  # empty: who works for the town as a whole
    day = models.DateField(_("jour"))

    class Meta:
        verbose_name = _("jour d’usage")
        verbose_name_plural = _("jours d’usage")
        ordering = ["-day", "insee", "uai"]
        constraints = [models.UniqueConstraint(fields=["insee", "day", "uai"], name="usage_day_once")]
        indexes = [BrinIndex(fields=["day"], name="usage_day_by_day", autosummarize=True)]

    def __str__(self) -> str:
        return f"{self.insee} {self.uai} {self.day}"


class UsageMonth(UsageFigures):
    """A perimeter's month, summed once: a page reads two dozen rows, however many communes and days there are.

    `visitors` sums those of each day: who comes on ten days counts ten times (nobody is followed from a day to the
    next).
    """

    class Level(models.TextChoices):
        ACADEMY = "academy", _("académie")
        DEPARTMENT = "department", _("département")
        DISTRICT = "district", _("circonscription")
        COMMUNE = "commune", _("commune")
        SCHOOL = "school", _("école")

    level = models.CharField(_("niveau"), max_length=10, choices=Level)
    code = models.CharField(_("code"), max_length=8, blank=True)  # empty: the académie
    month = models.DateField(_("mois"))
    days = models.PositiveSmallIntegerField(_("jours comptés"))
    pupils = models.PositiveIntegerField(_("élèves des écoles comptées"))
    schools = models.PositiveIntegerField(_("écoles comptées"))
    department = models.CharField(_("département"), max_length=3, blank=True)
    district = models.CharField(_("circonscription"), max_length=8, blank=True)
    insee = models.CharField(_("commune"), max_length=5, blank=True)

    objects = UsageMonthQuerySet.as_manager()

    class Meta:
        verbose_name = _("mois d’usage")
        verbose_name_plural = _("mois d’usage")
        ordering = ["-month", "level", "code"]
        constraints = [
            models.UniqueConstraint(fields=["level", "code", "month"], name="usage_month_once"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="usage_month_first_day"),
        ]
        indexes = [
            models.Index(fields=["month", "level", "department", "-visits"], name="usage_month_by_part"),
            models.Index(fields=["month", "level", "-visits"], name="usage_month_by_visits"),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.code} {self.month}"
