from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from shared_apps.layouts.defaults import DEFAULTS, KINDS
from shared_apps.layouts.shapes import Layout


class LayoutVersion(BaseModel):
    """One state of the headers of a kind of file. Never changed once published: an edit is the next version."""

    kind = models.CharField(_("type de fichier"), max_length=16, choices=KINDS)
    number = models.PositiveIntegerField(_("version"))
    headers = models.JSONField(_("titres de chaque champ"), default=dict)  # field -> [header, …]
    ignored = models.JSONField(_("colonnes sans usage"), default=list)
    note = models.CharField(_("pourquoi"), max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("écrite par")
    )
    published_at = models.DateTimeField(_("publiée le"), null=True, blank=True)
    # The one that the communes read; none: the layout that the code ships.
    is_current = models.BooleanField(_("en vigueur"), default=False)

    class Meta:
        verbose_name = _("version des colonnes")
        verbose_name_plural = _("versions des colonnes")
        ordering = ["kind", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="layout_version_number_is_unique"),
            models.UniqueConstraint(fields=["kind"], condition=Q(is_current=True), name="one_current_layout_per_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("layouts:version", args=[self.kind, self.number])

    @property
    def layout(self) -> Layout:
        return DEFAULTS[self.kind].edited(self.headers, self.ignored, self.number)
