from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from tenant_apps.schools.querysets import SchoolClassQuerySet, SchoolQuerySet, SchoolYearQuerySet
from tenant_apps.schools.weeks import PATTERNS, Week


class Grade(models.TextChoices):
    """The grade belongs to the pupil, not to the class (arrêté du 9 novembre 2015 for the cycles)."""

    TPS = "TPS", _("toute petite section")
    PS = "PS", _("petite section")
    MS = "MS", _("moyenne section")
    GS = "GS", _("grande section")
    CP = "CP", _("CP")
    CE1 = "CE1", _("CE1")
    CE2 = "CE2", _("CE2")
    CM1 = "CM1", _("CM1")
    CM2 = "CM2", _("CM2")

    @property
    def cycle(self) -> int:
        return {"TPS": 1, "PS": 1, "MS": 1, "GS": 1, "CP": 2, "CE1": 2, "CE2": 2}.get(self.value, 3)

    @property
    def is_reader(self) -> bool:
        return self.cycle > 1 and self.value != "CP"


class School(BaseModel):
    """A school of the commune, under the convention."""

    class Kind(models.TextChoices):
        NURSERY = "nursery", _("école maternelle")
        ELEMENTARY = "elementary", _("école élémentaire")
        PRIMARY = "primary", _("école primaire")

    class WeekPattern(models.TextChoices):
        NINE_HALF_DAYS = "nine_half_days", _("4 jours et demi")  # code de l'éducation D521-10
        EIGHT_HALF_DAYS = "eight_half_days", _("4 jours")  # décret 2017-1108
        FREE = "free", _("autre semaine")  # what the recteur allowed by derogation (D521-12)

    uai = models.CharField("UAI", max_length=8, unique=True)
    name = models.CharField(_("nom"), max_length=150)
    kind = models.CharField(_("type"), max_length=10, choices=Kind)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    postal_code = models.CharField(_("code postal"), max_length=5, blank=True)
    week_pattern = models.CharField(
        _("semaine"), max_length=16, choices=WeekPattern, default=WeekPattern.EIGHT_HALF_DAYS
    )
    # Of a free week only: {"1": {"am": ["08:30", "11:30"]}}, by ISO day; no time known is an empty list.
    week_table = models.JSONField(_("semaine, demi-journée par demi-journée"), default=dict, db_default={}, blank=True)
    is_open = models.BooleanField(_("ouverte"), default=True)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("école")
        verbose_name_plural = _("écoles")
        ordering = ["name", "uai"]
        constraints = [
            models.CheckConstraint(condition=models.Q(uai__regex=r"^[0-9]{7}[A-Z]$"), name="school_uai_shape")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def week(self) -> Week:
        """When the school is open, half-day by half-day."""
        return self.week_table if self.week_pattern == self.WeekPattern.FREE else PATTERNS[self.week_pattern]

    def is_open_on(self, iso_day: int) -> bool:
        return bool(self.week.get(str(iso_day)))


class SchoolYear(BaseModel):
    """From 1 September to the eve of the next one: in August one still reads the year that ends."""

    label = models.CharField(_("année scolaire"), max_length=9, unique=True)  # « 2026-2027 »
    starts_on = models.DateField(_("début"))
    ends_on = models.DateField(_("fin"))

    objects = SchoolYearQuerySet.as_manager()

    class Meta:
        verbose_name = _("année scolaire")
        verbose_name_plural = _("années scolaires")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")), name="school_year_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return self.label


class SchoolClass(BaseModel):
    """A class of one school year. Its grades are those of its pupils."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="classes", verbose_name=_("école"))
    year = models.ForeignKey(
        SchoolYear, on_delete=models.PROTECT, related_name="classes", verbose_name=_("année scolaire")
    )
    label = models.CharField(_("libellé"), max_length=100)
    onde_id = models.CharField(_("identifiant ONDE"), max_length=20, blank=True)

    objects = SchoolClassQuerySet.as_manager()

    class Meta:
        verbose_name = _("classe")
        verbose_name_plural = _("classes")
        ordering = ["school", "label", "id"]
        constraints = [
            models.UniqueConstraint(fields=["school", "year", "label"], name="class_label_is_unique_in_a_year")
        ]

    def __str__(self) -> str:
        return self.label


class CalendarDay(BaseModel):
    """A span without school: holiday of zone C, public holiday, bridge day. Laid at the opening of the commune."""

    class Kind(models.TextChoices):
        SCHOOL_BREAK = "school_break", _("vacances")
        PUBLIC_HOLIDAY = "public_holiday", _("jour férié")
        BRIDGE_DAY = "bridge_day", _("pont")

    kind = models.CharField(_("type"), max_length=14, choices=Kind)
    label = models.CharField(_("libellé"), max_length=100)
    starts_on = models.DateField(_("premier jour sans école"))
    ends_on = models.DateField(_("dernier jour sans école"))

    class Meta:
        verbose_name = _("jour sans école")
        verbose_name_plural = _("jours sans école")
        ordering = ["starts_on", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "label", "starts_on"], name="calendar_day_is_unique"),
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="calendar_day_order"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_current(self) -> bool:
        return self.starts_on <= timezone.localdate() <= self.ends_on
