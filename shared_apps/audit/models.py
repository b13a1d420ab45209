from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class Entry(models.Model):
    """One act. The runtime role may INSERT and SELECT here, nothing else; each entry carries the hash of the previous.

    Holds ids only: erasing a person must not break the chain, nor the chain keep the person.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sequence = models.BigIntegerField(_("rang"), unique=True)
    at = models.DateTimeField(_("le"))
    actor_id = models.UUIDField(_("compte"), null=True)
    action = models.CharField(_("acte"), max_length=80)
    object_type = models.CharField(_("type d’objet"), max_length=80, blank=True)
    object_id = models.CharField(_("objet"), max_length=40, blank=True)
    facts = models.JSONField(_("faits"), default=dict)
    segment = models.CharField(_("mois"), max_length=7)  # « 2026-11 »: sealed, then dropped after twelve months
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("acte")
        verbose_name_plural = _("actes")
        ordering = ["sequence"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_entry_object")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} · {self.action}"
