from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel


class MigrationRun(BaseModel):
    """One passage of `fleet migrate` over the communes."""

    class State(models.TextChoices):
        RUNNING = "running", _("en cours")
        DONE = "done", _("terminée")
        REFUSED = "refused", _("arrêtée avant de commencer")
        INTERRUPTED = "interrupted", _("interrompue")

    state = models.CharField(_("état"), max_length=11, choices=State, default=State.RUNNING)
    communes = models.PositiveIntegerField(_("communes"), default=0)
    up_to_date = models.PositiveIntegerField(_("déjà à jour"), default=0)
    ended_at = models.DateTimeField(_("terminée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("passage de migrations")
        verbose_name_plural = _("passages de migrations")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"


class MigrationResult(models.Model):
    """What became of one commune in one run; written in the transaction that migrated it."""

    class State(models.TextChoices):
        DONE = "done", _("migrée")
        FAILED = "failed", _("en échec")

    class Method(models.TextChoices):
        STATEMENTS = "statements", _("en une fois")
        STOCK = "stock", _("migration par migration")

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(MigrationRun, on_delete=models.CASCADE, related_name="results", verbose_name=_("passage"))
    schema_name = models.CharField(_("espace"), max_length=50)
    state = models.CharField(_("résultat"), max_length=6, choices=State)
    method = models.CharField(_("manière"), max_length=10, choices=Method)
    milliseconds = models.PositiveIntegerField(_("durée, en ms"), default=0)
    # Class, SQLSTATE and names of columns: never the database's message, which may quote a person's data.
    error = models.CharField(_("erreur"), max_length=300, blank=True)
    # What the commune was before its maintenance, to come back to; empty when it was left as it was.
    state_before = models.CharField(_("état d’avant"), max_length=12, blank=True)

    class Meta:
        verbose_name = _("résultat de migration")
        verbose_name_plural = _("résultats de migration")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["run", "schema_name"], name="one_result_per_run_and_schema")]

    def __str__(self) -> str:
        return f"{self.schema_name} · {self.get_state_display()}"
