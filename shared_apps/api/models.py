from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from shared_apps.api.querysets import AccessTokenQuerySet


class AccessToken(BaseModel):
    """A key by which a program reads what its owner may see. The key itself is shown once and stored nowhere."""

    class Scope(models.TextChoices):
        READ = "read", _("lecture")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access_tokens", verbose_name=_("compte")
    )
    name = models.CharField(_("nom"), max_length=60)
    scope = models.CharField(_("portée"), max_length=8, choices=Scope, default=Scope.READ)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # The end of a key's tail, by which its owner knows it.
    tail = models.CharField(max_length=4, editable=False)
    # As the account's when the key was made: « sign out everywhere » ends keys too.
    session_stamp = models.PositiveIntegerField(editable=False)
    expires_at = models.DateTimeField(_("valable jusqu’au"))
    last_used_on = models.DateField(_("dernière utilisation"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("révoquée le"), null=True, blank=True)

    objects = AccessTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("clé de lecture")
        verbose_name_plural = _("clés de lecture")
        ordering = ["-created_at", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def ends_soon(self) -> bool:
        return self.is_live and self.expires_at < timezone.now() + timedelta(days=7)
