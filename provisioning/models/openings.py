from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from provisioning.querysets import OpeningQuerySet


class Opening(BaseModel):
    """The birth of a commune, from the click to the first visitor. Its steps tell how far it went."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("demandée")
        RUNNING = "running", _("en cours")
        FAILED = "failed", _("en échec")
        READY = "ready", _("terminée")

    insee = models.CharField(_("code INSEE"), max_length=5)
    commune_name = models.CharField(_("commune"), max_length=100)
    department_code = models.CharField(_("département"), max_length=3)
    domain = models.CharField(_("adresse"), max_length=253)  # decided at the request, attached at the last but one step
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("demandée par"),
    )
    state = models.CharField(_("état"), max_length=9, choices=State, default=State.REQUESTED)
    error = models.CharField(_("raison de l’échec"), max_length=500, blank=True)  # in French, for the academy
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    started_at = models.DateTimeField(_("commencée le"), null=True, blank=True)
    ended_at = models.DateTimeField(_("terminée le"), null=True, blank=True)
    facts = models.JSONField(_("faits à la demande"), default=dict)  # see opening.facts; empty once it is ready
    # The process at work: what the demo's « Tuer le processus » kills.
    worker_pid = models.PositiveIntegerField(null=True, blank=True)
    worker_host = models.CharField(max_length=255, blank=True)
    pause_ms = models.PositiveSmallIntegerField(_("pause entre deux étapes, en ms"), default=0)  # demo only

    objects = OpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("ouverture")
        verbose_name_plural = _("ouvertures")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["insee"], condition=~models.Q(state="ready"), name="one_opening_at_a_time_per_commune"
            ),
        ]

    def __str__(self) -> str:
        return self.commune_name

    @property
    def lock(self) -> str:
        return f"opening:{self.insee}"

    @property
    def is_under_way(self) -> bool:
        return self.state in {self.State.REQUESTED, self.State.RUNNING}

    @property
    def percent(self) -> int:
        steps = list(self.steps.all())
        return 100 * sum(step.is_done for step in steps) // len(steps) if steps else 0

    @property
    def duration(self) -> timedelta:
        """From the click; the time that steps took and that nobody worked alike."""
        return (self.ended_at or timezone.now()) - self.created_at


class OpeningStep(models.Model):
    """One step of an opening: its row is committed with its work."""

    class Name(models.TextChoices):
        REQUESTED = "requested", _("Demande enregistrée")
        SCHEMA = "schema", _("Schéma")
        TABLES = "tables", _("Tables")
        REFERENCE_DATA = "reference_data", _("Données de référence")
        FILES = "files", _("Espace des fichiers")
        FIRST_ACCOUNTS = "first_accounts", _("Premiers comptes")
        DOMAIN = "domain", _("Adresse")
        READY = "ready", _("Prête")

    class State(models.TextChoices):
        WAITING = "waiting", _("à venir")
        CURRENT = "current", _("en cours")
        DONE = "done", _("faite")
        FAILED = "failed", _("en échec")

    id = models.BigAutoField(primary_key=True)
    opening = models.ForeignKey(Opening, on_delete=models.CASCADE, related_name="steps", verbose_name=_("ouverture"))
    name = models.CharField(_("étape"), max_length=14, choices=Name)
    state = models.CharField(_("état"), max_length=7, choices=State, default=State.WAITING)
    started_at = models.DateTimeField(_("commencée le"), null=True, blank=True)
    ended_at = models.DateTimeField(_("terminée le"), null=True, blank=True)
    milliseconds = models.PositiveIntegerField(_("durée, en ms"), null=True, blank=True)
    detail = models.CharField(_("précision"), max_length=200, blank=True)
    error = models.CharField(_("erreur"), max_length=200, blank=True)  # a class name, never a message with data

    class Meta:
        verbose_name = _("étape d’ouverture")
        verbose_name_plural = _("étapes d’ouverture")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["opening", "name"], name="opening_step_once")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"{self.get_name_display()} : {self.detail}" if self.detail else str(self.get_name_display())

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE
