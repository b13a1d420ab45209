from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from shared_apps.maintenance.querysets import ChangeQuerySet, IncidentQuerySet, WindowQuerySet


class Part(models.TextChoices):
    """What people use of the platform, as the status page names it."""

    SIGN_IN = "sign_in", _("connexion et pages")
    MESSAGES = "messages", _("mots et notifications")
    MAIL = "mail", _("courriels")
    FILES = "files", _("documents")


class Affected(BaseModel):
    """What stops, and where. Empty lists: everything, everywhere."""

    title = models.CharField(_("titre"), max_length=120)
    communes = models.JSONField(_("communes concernées"), default=list, blank=True)  # INSEE codes
    parts = models.JSONField(_("services concernés"), default=list, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("écrit par")
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    def concerns(self, insee: str) -> bool:
        return not self.communes or insee in self.communes

    @property
    def parts_in_words(self) -> list[str]:
        return [str(Part(part).label) for part in self.parts]


class Window(Affected):
    """A planned intervention: announced in the schools before, said on each page during."""

    class Access(models.TextChoices):
        OPEN = "open", _("Tout reste utilisable, avec de courtes lenteurs")
        READ_ONLY = "read_only", _("On peut lire, pas enregistrer")
        CLOSED = "closed", _("Les pages sont fermées")

    detail = models.TextField(_("explication"), max_length=600, blank=True)
    access = models.CharField(_("pendant l’intervention"), max_length=9, choices=Access)
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    announced_from = models.DateTimeField(_("annoncée à partir du"))
    during_school = models.BooleanField(_("pendant la classe"), default=False)
    tells_heads = models.BooleanField(_("courriel aux directions"), default=False)
    cancelled_at = models.DateTimeField(_("annulée le"), null=True, blank=True)
    cancelled_because = models.CharField(_("raison"), max_length=200, blank=True)
    extended_at = models.DateTimeField(_("prolongée le"), null=True, blank=True)

    objects = WindowQuerySet.as_manager()

    class Meta:
        verbose_name = _("intervention")
        verbose_name_plural = _("interventions")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="maintenance_window_order"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("maintenance:window", args=[self.pk])

    @property
    def state(self) -> str:
        """cancelled | over | running | planned"""
        now = timezone.now()
        if self.cancelled_at:
            return "cancelled"
        if self.ends_at <= now:
            return "over"
        return "running" if self.starts_at <= now else "planned"


class Incident(Affected):
    """Something broke. Its story is told by updates, until it ends."""

    class Severity(models.TextChoices):
        MINOR = "minor", _("Gêne : tout marche, mal ou lentement")
        MAJOR = "major", _("Panne d’un service")
        CRITICAL = "critical", _("Panne générale")

    severity = models.CharField(_("gravité"), max_length=8, choices=Severity)
    started_at = models.DateTimeField(_("début"))
    ended_at = models.DateTimeField(_("fin"), null=True, blank=True)
    cause = models.CharField(_("cause"), max_length=300, blank=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-started_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="maintenance_incident_order"
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("maintenance:incident", args=[self.pk])

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None

    @property
    def lasted(self) -> timedelta:
        return (self.ended_at or timezone.now()) - self.started_at


class IncidentUpdate(BaseModel):
    """One message of the thread, read by everybody: what is known, what is done, when the next word comes."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="updates", verbose_name=_("incident"))
    words = models.TextField(_("message"), max_length=600)
    at = models.DateTimeField(_("le"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("écrit par")
    )

    class Meta:
        verbose_name = _("message d’incident")
        verbose_name_plural = _("messages d’incident")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.words[:60]


class PartDay(BaseModel):
    """How often a part was asked in a day, and how often it did not answer."""

    part = models.CharField(_("service"), max_length=10, choices=Part)
    day = models.DateField(_("jour"))
    checks = models.PositiveIntegerField(_("mesures"), default=0)
    failures = models.PositiveIntegerField(_("échecs"), default=0)
    last_at = models.DateTimeField(_("dernière mesure"))
    is_up = models.BooleanField(_("répond"), default=True)

    class Meta:
        verbose_name = _("journée d’un service")
        verbose_name_plural = _("journées des services")
        ordering = ["day", "part"]
        constraints = [models.UniqueConstraint(fields=["part", "day"], name="maintenance_one_row_a_part_a_day")]

    def __str__(self) -> str:
        return f"{self.part} {self.day}"


class Reader(models.TextChoices):
    """For whom a change is told. Pupils are not: their pages explain themselves."""

    TEACHER = "teacher", _("enseignants")
    HEAD = "head", _("direction")
    GUARDIAN = "guardian", _("familles")
    MUNICIPAL = "municipal", _("mairie")


class Change(BaseModel):
    """« Ce qui change » : one thing that people will notice, in their own words."""

    title = models.CharField(_("titre"), max_length=120)
    body = models.TextField(_("texte"), max_length=1500)
    readers = models.JSONField(_("pour qui"), default=list, blank=True)  # empty: everybody
    published_at = models.DateTimeField(_("publiée le"), null=True, blank=True)
    # What comes with a release is written once as a draft, under its name in the file.
    shipped_as = models.CharField(_("livrée sous le nom"), max_length=60, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("écrite par")
    )

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("nouveauté")
        verbose_name_plural = _("nouveautés")
        ordering = [F("published_at").desc(nulls_first=True), "-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["shipped_as"], condition=~Q(shipped_as=""), name="maintenance_change_shipped_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("maintenance:change", args=[self.pk])

    @property
    def readers_in_words(self) -> list[str]:
        return [str(Reader(reader).label) for reader in self.readers]


def default_announcement(starts_at: datetime, days: int, now: Any = None) -> datetime:
    """So many days before; at once when that is past."""
    return max(starts_at - timedelta(days=days), now or timezone.now())
