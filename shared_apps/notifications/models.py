import re
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from core.words import clock
from shared_apps.notifications import quiet
from shared_apps.notifications.querysets import NotificationQuerySet, OutboxQuerySet, PreferenceQuerySet
from shared_apps.notifications.types import type_of

NAMES_END = " · "


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
    # The mail of several that it waits for (« daily », « weekly »); empty when it waits for none.
    digest = models.CharField(max_length=6, blank=True, default="", db_default="", editable=False)
    # Of whose send it tells, for the emergency switches when its digest leaves.
    sent = models.JSONField(null=True, editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["user"], condition=~models.Q(digest=""), name="notification_for_digest")]
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

    @property
    def children(self) -> str:
        """« Inès et Tom », as the title names them."""
        return self.title.partition(NAMES_END)[0] if self.subject_ids and NAMES_END in self.title else ""

    @property
    def first_names(self) -> list[str]:
        """The same, one by one, in an order that does not hang on who told it."""
        return sorted(re.split(r", | et ", self.children)) if self.children else []

    @property
    def said(self) -> str:
        """The title without the names."""
        return self.title.removeprefix(self.children + NAMES_END) if self.children else self.title


class Preference(BaseModel):
    """What one person chose, by type of news. What they said nothing of is as its type says."""

    class Mail(models.TextChoices):
        INSTANT = "instant", _("tout de suite")
        DAILY = "daily", _("une fois par jour")
        WEEKLY = "weekly", _("le vendredi")
        NEVER = "never", _("jamais")

    user = models.OneToOneField(
        "accounts.User", on_delete=models.CASCADE, related_name="notice_preference", verbose_name=_("compte")
    )
    mail = models.JSONField(_("courriels"), default=dict, blank=True)  # type → Mail
    push = models.JSONField(_("alertes"), default=dict, blank=True)  # type → yes or no
    quiet_from = models.TimeField(_("à partir de"), default=quiet.EVENING, null=True, blank=True)
    quiet_until = models.TimeField(_("jusqu’à"), default=quiet.MORNING, null=True, blank=True)
    is_quiet_at_weekends = models.BooleanField(_("rien le samedi ni le dimanche"), default=True)
    shows_names = models.BooleanField(_("montrer le prénom de l’enfant sur l’écran verrouillé"), default=False)

    # The address that our mails came back from; another one is written to again (see `returns`).
    returned_address = models.EmailField(blank=True, default="", db_default="", editable=False)

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("choix d’une personne")
        verbose_name_plural = _("choix des personnes")

    def __str__(self) -> str:
        return str(self.user_id)

    def may_write_to(self, user: Any) -> bool:
        return bool(user.email) and user.email != self.returned_address

    def mail_of(self, kind: str) -> str:
        name, known = type_of(kind)
        return known.mail if known.is_fixed else self.mail.get(name, known.mail)

    def wants_push(self, kind: str) -> bool:
        name, known = type_of(kind)
        return known.has_push if known.is_fixed else self.push.get(name, known.has_push)

    @property
    def quiet_words(self) -> str:
        weekends = _("le week-end") if self.is_quiet_at_weekends else ""
        if self.quiet_from is None or self.quiet_until is None:
            return str(weekends or _("aucune"))
        hours = {"begin": clock(self.quiet_from), "end": clock(self.quiet_until)}
        if weekends:
            return _("de %(begin)s à %(end)s, et le week-end") % hours
        return _("de %(begin)s à %(end)s") % hours

    def leaves_at(self, kind: str, moment: datetime) -> datetime:
        """Then, or when the hours that this person keeps quiet are over."""
        if type_of(kind)[1].is_urgent or not settings.ENT_QUIET_HOURS:
            return moment
        return self.after_quiet(moment)

    def after_quiet(self, moment: datetime) -> datetime:
        hours: tuple[time, time] | None = None
        if self.quiet_from is not None and self.quiet_until is not None:
            hours = (self.quiet_from, self.quiet_until)
        return quiet.after(moment, hours, weekends=self.is_quiet_at_weekends)


class PushSubscription(BaseModel):
    """Where a browser is called at, by the push service of its maker. It goes with its device."""

    device = models.OneToOneField("accounts.Device", on_delete=models.CASCADE, related_name="push")
    endpoint = models.TextField(_("adresse d’appel"))
    # One browser is called for one account of this commune: the last who asked there.
    endpoint_digest = models.CharField(max_length=64, unique=True, editable=False)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("appareil alerté")
        verbose_name_plural = _("appareils alertés")

    def __str__(self) -> str:
        return str(self.device)
