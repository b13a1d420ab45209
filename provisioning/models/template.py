from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from tenants.names import SCHEMA_NAME


class TemplateScript(BaseModel):
    """The SQL that lays all tables of a commune, made once per release; here, so that every worker finds it.

    The owner runs it: the academy's role may read it, not write it (`privileges.PUBLIC_READ_ONLY`).
    """

    # Digest of the migrations' files: a script made by other code is never replayed.
    fingerprint = models.CharField(_("empreinte des migrations"), max_length=64, unique=True)
    digest = models.CharField(_("empreinte du script"), max_length=64)
    script = models.TextField(_("script"))
    tables = models.PositiveIntegerField(_("nombre de tables"))

    class Meta:
        verbose_name = _("script modèle")
        verbose_name_plural = _("scripts modèles")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.digest[:12]


class SpareSchema(BaseModel):
    """A complete schema with its role and rights, that an opening takes by two renames."""

    schema_name = models.CharField(_("espace"), max_length=50, unique=True)
    # Digest of the script it was laid from: a stale spare is dropped, never taken.
    digest = models.CharField(_("empreinte du script"), max_length=64)

    class Meta:
        verbose_name = _("espace de réserve")
        verbose_name_plural = _("espaces de réserve")
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(schema_name__regex=SCHEMA_NAME), name="spare_schema_name_is_safe"
            ),
        ]

    def __str__(self) -> str:
        return self.schema_name
