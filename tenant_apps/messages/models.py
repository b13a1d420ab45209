from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from core.text import sort_key
from shared_apps.bounds.vocabulary import Party
from tenant_apps.messages.querysets import CopyQuerySet, MessageQuerySet
from tenant_apps.moderation.models import AbstractReport
from tenant_apps.schools.models import School


def _own(related_name: str, **options: Any) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name=related_name, **options)


class Message(BaseModel):
    """What somebody wrote, once, however many read it. Whom it reaches is decided when it leaves, not before."""

    class State(models.TextChoices):
        DRAFT = "draft", _("brouillon")
        QUEUED = "queued", _("va partir")
        SENT = "sent", _("envoyé")
        RECALLED = "recalled", _("rappelé")
        WITHDRAWN = "withdrawn", _("retiré par la direction")

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages", verbose_name=_("écrit par")
    )
    # Where its author works or learns: whose head reads what is reported, which school a switch names.
    school = models.ForeignKey(
        School, on_delete=models.PROTECT, null=True, related_name="messages", verbose_name=_("école")
    )
    parties = ArrayField(models.CharField(max_length=12, choices=Party), default=list)  # what its author was then
    thread = models.UUIDField(_("fil"), db_index=True)  # the first message's id
    answers = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("répond à"), db_index=False
    )
    to_all = models.BooleanField(_("répond à tous"), default=False)
    subject = models.CharField(_("objet"), max_length=150, blank=True)
    body = models.TextField(_("texte"), max_length=10_000, blank=True)
    folded = models.TextField(editable=False, default="")  # subject and text, for the search
    to = ArrayField(models.CharField(max_length=60), verbose_name=_("destinataires"), default=list)  # `audience` codes
    to_words = models.CharField(_("à qui, en mots"), max_length=300, blank=True)  # its groups, and how many persons
    is_no_reply = models.BooleanField(_("sans réponse possible"), default=False)
    state = models.CharField(_("état"), max_length=9, choices=State, default=State.DRAFT)
    scheduled_at = models.DateTimeField(_("à envoyer le"), null=True, blank=True)
    queued_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)
    reached = models.PositiveIntegerField(_("personnes"), default=0)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-sent_at", "-created_at", "-id"]
        indexes = [
            models.Index(fields=["queued_at"], name="message_queued", condition=Q(queued_at__isnull=False)),
            GinIndex(fields=["folded"], opclasses=["gin_trgm_ops"], name="message_folded_trigrams"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(queued_at__isnull=False), name="a_message_that_leaves_has_a_moment"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "recalled", "withdrawn"]) | Q(sent_at__isnull=False),
                name="a_sent_message_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return self.subject or str(_("Sans objet"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.thread = self.thread or self.pk
        self.folded = sort_key(self.subject, self.body)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("messaging:thread", args=[self.pk])

    @property
    def opening(self) -> str:
        """For the list of a box: the subject, else how the text begins. The text goes nowhere else."""
        return self.subject or Truncator(self.body).words(6) or str(self)

    @property
    def author_name(self) -> str:
        """« Mme Vidal »; « Ancien responsable » once its author was erased."""
        person = getattr(self.author, "person", None)
        return person.formal_name if person else str(self.author)

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_queued(self) -> bool:
        return self.state == self.State.QUEUED

    @property
    def is_sent(self) -> bool:
        return self.state == self.State.SENT


class Copy(BaseModel):
    """A message in somebody's box: one row for each reader, one for its author."""

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="copies", verbose_name=_("message"), db_index=False
    )
    account = _own("message_copies", verbose_name=_("compte"), db_index=False)
    is_mine = models.BooleanField(_("de son auteur"), default=False)
    folder = models.CharField(_("dossier"), max_length=40, blank=True)  # empty: where it arrived
    arrives_at = models.DateTimeField(_("remis le"))  # later than sent: quiet hours, an absence
    read_at = models.DateTimeField(_("lu le"), null=True, blank=True)
    trashed_at = models.DateTimeField(_("jeté le"), null=True, blank=True)
    # Put aside before it was read, and kept: by its author, a head, or a measure of the academy (which one).
    held_at = models.DateTimeField(_("mis de côté le"), null=True, blank=True)
    held_by = models.UUIDField(null=True, blank=True)

    objects = CopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("exemplaire")
        verbose_name_plural = _("exemplaires")
        ordering = ["-arrives_at", "-id"]
        indexes = [models.Index(fields=["account", "-arrives_at"], name="copy_box")]
        constraints = [models.UniqueConstraint(fields=["message", "account"], name="one_copy_for_each_reader")]

    def __str__(self) -> str:
        return f"{self.message_id} · {self.account_id}"


class Preference(BaseModel):
    """How one reads: own folders, hours without messages, an absence."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="messaging", verbose_name=_("compte")
    )
    folders = ArrayField(models.CharField(max_length=40), verbose_name=_("dossiers"), default=list, blank=True)
    quiet_from = models.TimeField(_("rien à partir de"), null=True, blank=True)
    quiet_until = models.TimeField(_("jusqu’à"), null=True, blank=True)
    absent_from = models.DateField(_("absent à partir du"), null=True, blank=True)
    absent_until = models.DateField(_("de retour le"), null=True, blank=True)
    absence_words = models.CharField(_("ce que lira qui vous écrit"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("réglage des messages")
        verbose_name_plural = _("réglages des messages")
        constraints = [
            models.CheckConstraint(
                condition=Q(absent_from=None, absent_until=None) | Q(absent_until__gt=models.F("absent_from")),
                name="an_absence_ends_after_it_starts",
                violation_error_message=_("Le retour vient après le départ."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.account_id)


class RecipientList(BaseModel):
    """Recipients that one writes to often. Rights are asked at each sending, whatever the list holds."""

    owner = _own("recipient_lists", verbose_name=_("de"))
    name = models.CharField(_("nom"), max_length=60)
    to = ArrayField(models.CharField(max_length=60), verbose_name=_("destinataires"), default=list)

    class Meta:
        verbose_name = _("liste de destinataires")
        verbose_name_plural = _("listes de destinataires")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Report(AbstractReport):
    """Of a message, by one of its readers."""

    WORDS = "message"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reports", verbose_name=_("message"))

    class Meta(AbstractReport.Meta):
        constraints = [models.UniqueConstraint(fields=["message", "reporter"], name="one_report_for_each_reader")]
