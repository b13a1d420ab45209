from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from shared_apps.bounds.vocabulary import Party
from shared_apps.emergency.querysets import OfCommuneQuerySet, ReportedMessageQuerySet, SwitchQuerySet
from tenants.models import Commune


class Level(models.TextChoices):
    ACADEMY = "academy", _("Toute l’académie")
    DEPARTMENT = "department", _("Un département")
    COMMUNE = "commune", _("Une commune")
    SCHOOL = "school", _("Une école")


class Switch(BaseModel):
    """Who may not send (or read) messages any more, where and until when."""

    level = models.CharField(_("où"), max_length=10, choices=Level)
    code = models.CharField(_("code"), max_length=8, blank=True)  # a département, an INSEE code, a UAI
    name = models.CharField(_("nom"), max_length=150, blank=True)  # « Narbonne », as it was called that day
    departments = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    # Empty: everybody.
    parties = ArrayField(
        models.CharField(max_length=12, choices=Party), verbose_name=_("qui"), default=list, blank=True
    )
    stops_reading = models.BooleanField(_("ferme aussi la lecture"), default=False)
    allows_notices = models.BooleanField(_("laisse les écoles informer les familles"), default=True)
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"), null=True, blank=True)
    daily_from = models.TimeField(_("chaque jour à partir de"), null=True, blank=True)
    daily_until = models.TimeField(_("jusqu’à"), null=True, blank=True)
    reason = models.CharField(_("raison"), max_length=300)
    thrown_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("coupé par")
    )
    lifted_at = models.DateTimeField(_("rouvert le"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("rouvert par")
    )
    lifted_because = models.CharField(_("raison de la réouverture"), max_length=300, blank=True)

    objects = SwitchQuerySet.as_manager()

    class Meta:
        verbose_name = _("coupure")
        verbose_name_plural = _("coupures")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="switch_order"),
            models.CheckConstraint(condition=Q(level="academy") ^ ~Q(code=""), name="switch_says_where"),
            models.CheckConstraint(
                condition=Q(daily_from=None, daily_until=None) | Q(daily_from__isnull=False, daily_until__isnull=False),
                name="switch_hours_go_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.where} : {', '.join(self.who)}"

    def get_absolute_url(self) -> str:
        return reverse("emergency:switch", args=[self.pk])

    @property
    def where(self) -> str:
        return self.name or str(self.get_level_display())

    @property
    def who(self) -> list[str]:
        return [str(Party(party).label) for party in self.parties] or [str(_("tout le monde"))]

    @property
    def is_thrown(self) -> bool:
        return self.lifted_at is None and (self.ends_at is None or self.ends_at > timezone.now())

    @property
    def stopped(self) -> list[str]:
        """The profiles that it stops, by name."""
        return self.parties or list(Party.values)


class Measure(BaseModel):
    """What is done in the communes of a switch: each one by itself, safe to repeat, counted."""

    class Kind(models.TextChoices):
        RECALL = "recall", _("Mettre de côté les messages non lus")
        RESTORE = "restore", _("Remettre les messages mis de côté")
        SESSIONS = "sessions", _("Déconnecter les comptes")
        RENEWAL = "renewal", _("Faire renouveler les mots de passe")

    switch = models.ForeignKey(Switch, on_delete=models.CASCADE, related_name="measures", verbose_name=_("coupure"))
    kind = models.CharField(_("mesure"), max_length=8, choices=Kind)
    since = models.DateTimeField(_("depuis le"))
    todo = ArrayField(models.CharField(max_length=50), verbose_name=_("communes à faire"), default=list)
    failed = ArrayField(models.CharField(max_length=50), verbose_name=_("communes en échec"), default=list)
    total = models.PositiveIntegerField(_("communes"), default=0)
    touched = models.PositiveIntegerField(_("messages ou comptes"), default=0)
    ended_at = models.DateTimeField(_("terminée le"), null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("demandée par")
    )

    class Meta:
        verbose_name = _("mesure d’urgence")
        verbose_name_plural = _("mesures d’urgence")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def done(self) -> int:
        return self.total - len(self.todo) - len(self.failed)


class Peak(BaseModel):
    """How many messages at most left in a window of `watch`, that hour: in a commune, or (without) in the académie."""

    commune = models.ForeignKey(Commune, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    hour = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("pointe d’envois")
        verbose_name_plural = _("pointes d’envois")
        constraints = [
            models.UniqueConstraint(fields=["commune", "hour"], nulls_distinct=False, name="one_peak_for_each_hour")
        ]

    def __str__(self) -> str:
        return f"{self.hour} · {self.count}"


class Alarm(BaseModel):
    """More messages than usual, in a commune or (without) in the whole académie."""

    commune = models.ForeignKey(
        Commune, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("commune")
    )
    count = models.PositiveIntegerField(_("messages"))
    usual = models.PositiveIntegerField(_("d’habitude"))

    objects = OfCommuneQuerySet.as_manager()

    class Meta:
        verbose_name = _("alarme")
        verbose_name_plural = _("alarmes")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.where} : {self.count}"

    @property
    def where(self) -> str:
        return str(self.commune or _("toute l’académie"))


class ReportedMessage(BaseModel):
    """Somebody showed a message to the head of a school (same id there). Where, and whether it was decided; no text.

    Where no head can judge it, the academy closes its own line, once it has seen to it: there the report still waits.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("à lire par la direction")
        KEPT = "kept", _("laissé")
        WITHDRAWN = "withdrawn", _("retiré")

    commune = models.ForeignKey(Commune, on_delete=models.CASCADE, related_name="+", verbose_name=_("commune"))
    uai = models.CharField("UAI", max_length=8, blank=True)
    heads = models.PositiveSmallIntegerField(_("directions prévenues"))  # none: nobody there can read it
    state = models.CharField(_("état"), max_length=9, choices=State, default=State.WAITING)
    decided_at = models.DateTimeField(_("décidé le"), null=True, blank=True)
    closed_at = models.DateTimeField(_("traité le"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("traité par"),
        db_index=False,
    )

    objects = ReportedMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message signalé")
        verbose_name_plural = _("messages signalés")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(heads=0),
                name="closed_where_no_head_judges",
                violation_error_message=_("La direction de l’école peut lire ce message : c’est à elle d’en décider."),
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None) | Q(closed_at__isnull=False), name="who_closed_says_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune} · {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.WAITING and self.closed_at is None

    @property
    def has_no_judge(self) -> bool:
        """Its only head wrote it, or there is no head."""
        return not self.heads
