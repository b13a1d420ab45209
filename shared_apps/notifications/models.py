from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from shared_apps.notifications.querysets import NotificationQuerySet, OutboxQuerySet


class OutboxEntry(BaseModel):
    """An effect that must happen once, after the transaction that wanted it: mail, push, roll-up, uplink.

    Its key is unique in its schema, so that asking twice plans it once; it survives the loss of the broker.
    """

    kind = models.CharField(_("genre"), max_length=60)
    key = models.CharField(_("clé"), max_length=200, unique=True)
    payload = models.JSONField(_("contenu"), default=dict)  # ids and plain values
    not_before = models.DateTimeField(_("pas avant"))
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    delivered_at = models.DateTimeField(_("fait le"), null=True, blank=True)
    failed_at = models.DateTimeField(_("abandonné le"), null=True, blank=True)
    error = models.CharField(_("erreur"), max_length=200, blank=True)  # a class name, never a message with data

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("effet à produire")
        verbose_name_plural = _("effets à produire")
        ordering = ["not_before", "id"]
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=models.Q(delivered_at=None, failed_at=None),
                name="outbox_pending",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.key}"


class Notification(BaseModel):
    """What the notifications page shows to one account; the child concerned is always named."""

    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="notifications", verbose_name=_("compte")
    )
    kind = models.CharField(_("genre"), max_length=60)
    subject_ids = ArrayField(models.UUIDField(), verbose_name=_("enfants concernés"), default=list, blank=True)
    title = models.CharField(_("titre"), max_length=200)
    url = models.CharField(_("page"), max_length=300, blank=True)  # a path of this commune's host
    read_at = models.DateTimeField(_("lue le"), null=True, blank=True)
    # What was told to whom, on which occasion: the same twice is told once.
    key = models.CharField(_("clé"), max_length=200, unique=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(url="") | models.Q(url__startswith="/") & ~models.Q(url__startswith="//"),
                name="notification_page_is_of_this_host",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_read(self) -> bool:
        return self.read_at is not None
