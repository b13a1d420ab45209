from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from shared_apps.files.kinds import KINDS
from shared_apps.files.querysets import StoredFileQuerySet


class StoredFile(BaseModel):
    """One stored file. Its name on disk is `<schema>/<uuid>`; its type is found from its bytes."""

    class Scan(models.TextChoices):
        PENDING = "pending", _("en attente d’analyse")
        CLEAN = "clean", _("sain")
        INFECTED = "infected", _("refusé")
        OFF = "off", _("non analysé")

    name = models.CharField(_("nom"), max_length=255)
    mime_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("taille, en octets"))
    sha256 = models.CharField(max_length=64)
    owner = models.ForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        related_name="files",
        verbose_name=_("déposé par"),
    )
    scan = models.CharField(_("analyse"), max_length=8, choices=Scan, default=Scan.OFF)
    # What the file belongs to, which says who may read it: « liaison.note » and its id.
    purpose = models.CharField(_("usage"), max_length=40)
    object_id = models.UUIDField(_("objet"), null=True, blank=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("fichier")
        verbose_name_plural = _("fichiers")
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["purpose", "object_id"], name="stored_file_object")]
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="stored_file_has_a_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """On the host of its commune: who follows it gets a fresh signed link."""
        return reverse("files:open", args=[self.pk])

    @property
    def kind_label(self) -> str:
        kind = KINDS.get(self.mime_type)
        return kind.label if kind else ""

    @property
    def is_inline(self) -> bool:
        kind = KINDS.get(self.mime_type)
        return kind is not None and kind.is_inline
