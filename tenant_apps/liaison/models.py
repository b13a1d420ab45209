from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from shared_apps.files.models import StoredFile
from tenant_apps.liaison.querysets import PURPOSE, NoteQuerySet, ReplyQuerySet
from tenant_apps.moderation.models import AbstractReport
from tenant_apps.people.models import Pupil, PupilGroup
from tenant_apps.schools.models import School, SchoolClass


class LiaisonNote(BaseModel):
    """A note of the liaison notebook: the school writes, guardians read and, when asked, sign.

    Who reads it is fixed when it is published: one signature slot per child and guardian (`shared_apps.signatures`).
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("brouillon")
        PUBLISHED = "published", _("envoyé")
        ARCHIVED = "archived", _("archivé")

    class Audience(models.TextChoices):
        """Among the children of its classes."""

        ALL = "all", _("Toute la classe")
        CHOSEN = "chosen", _("Quelques enfants : vous les choisissez à la page suivante")
        GROUP = "group", _("Un groupe d’élèves")

    class Category(models.TextChoices):
        OUTING = "outing", _("sortie")
        MEETING = "meeting", _("réunion")
        SCHOOL_LIFE = "school_life", _("vie de la classe")
        PAPERWORK = "paperwork", _("documents à fournir")
        OTHER = "other", _("autre")

    class Answer(models.TextChoices):
        """What the school asks of the guardians."""

        NONE = "none", _("Rien : le mot est à lire")
        SIGNATURE = "signature", _("Une signature : « vu »")
        CONSENT = "consent", _("Un accord : j’autorise, ou je n’autorise pas")

    class Reminder(models.IntegerChoices):
        """Days before the due date."""

        NEVER = 0, _("Aucun rappel automatique")
        THE_DAY_BEFORE = 1, _("La veille")
        TWO_DAYS = 2, _("Deux jours avant")
        THREE_DAYS = 3, _("Trois jours avant")
        A_WEEK = 7, _("Une semaine avant")

    CONSENT_CHOICES = (("yes", _("J’autorise")), ("no", _("Je n’autorise pas")))

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="liaison_notes", verbose_name=_("école"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="liaison_notes",
        verbose_name=_("écrit par"),
    )
    classes = models.ManyToManyField(SchoolClass, related_name="liaison_notes", verbose_name=_("classes"))
    # Told apart from « nobody is named »: what was for one child never becomes everybody's when that child leaves.
    audience = models.CharField(
        _("quels enfants"), max_length=6, choices=Audience, default=Audience.ALL, db_default=Audience.ALL.value
    )
    pupils = models.ManyToManyField(Pupil, related_name="+", blank=True, verbose_name=_("seulement pour"))
    group = models.ForeignKey(
        PupilGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("groupe")
    )
    title = models.CharField(_("titre"), max_length=120)
    category = models.CharField(_("sujet"), max_length=12, choices=Category, default=Category.SCHOOL_LIFE)
    body = models.TextField(_("texte"), max_length=5000)
    happens = models.CharField(_("quand"), max_length=120, blank=True)
    to_bring = models.CharField(_("à prévoir"), max_length=200, blank=True)
    answer = models.CharField(_("ce que vous demandez"), max_length=10, choices=Answer, default=Answer.NONE)
    needs_each_guardian = models.BooleanField(_("chaque responsable doit signer"), default=False)
    allows_reply = models.BooleanField(
        _("les familles peuvent vous écrire à propos de ce mot"), default=True, db_default=True
    )
    due_on = models.DateField(_("réponse avant le"), null=True, blank=True)
    reminded_before = models.PositiveSmallIntegerField(
        _("rappel"), choices=Reminder, default=Reminder.TWO_DAYS, db_default=Reminder.TWO_DAYS.value
    )
    status = models.CharField(_("état"), max_length=10, choices=Status, default=Status.DRAFT)
    planned_for = models.DateTimeField(_("partira le"), null=True, blank=True)
    published_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)
    corrected_at = models.DateTimeField(_("corrigé le"), null=True, blank=True)

    withdrawn_for = models.CharField(_("pourquoi ce mot est retiré"), max_length=300, blank=True, db_default="")

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("mot")
        verbose_name_plural = _("mots")
        ordering = ["-published_at", "-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience__in=["all", "chosen"], group=None) | Q(audience="group", group__isnull=False),
                name="a_note_says_whom_it_is_for",
                violation_error_message=_("Choisissez le groupe."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(published_at__isnull=False),
                name="a_sent_note_has_a_date",
                violation_error_message=_("Un mot envoyé porte sa date d’envoi."),
            ),
            models.CheckConstraint(
                condition=Q(planned_for=None) | Q(status="draft"),
                name="a_planned_note_is_a_draft",
                violation_error_message=_("Un mot envoyé n’est plus prévu."),
            ),
            models.CheckConstraint(
                condition=Q(answer="none", due_on=None) | Q(answer="none", status="draft") | ~Q(answer="none"),
                name="a_note_to_read_has_no_due_date",
                violation_error_message=_("Un mot à lire n’attend pas de réponse."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("liaison:note", args=[self.pk])

    @property
    def attachment(self) -> StoredFile | None:
        return StoredFile.objects.of_object(PURPOSE, self.pk).first()

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def is_for_chosen(self) -> bool:
        return self.audience == self.Audience.CHOSEN

    @property
    def is_for_group(self) -> bool:
        return self.audience == self.Audience.GROUP

    @property
    def is_withdrawn(self) -> bool:
        return bool(self.withdrawn_for)

    @property
    def asks_answer(self) -> bool:
        return self.answer != self.Answer.NONE

    @property
    def is_late(self) -> bool:
        return self.asks_answer and self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def choices(self) -> list[list[str]]:
        """The answers a guardian picks from; empty for a plain signature. Stored with the request, hence as text."""
        if self.answer != self.Answer.CONSENT:
            return []
        return [[value, str(label)] for value, label in self.CONSENT_CHOICES]


class Reply(BaseModel):
    """What a family or the school says about a note: one thread a child, read by its guardians and its teachers."""

    note = models.ForeignKey(LiaisonNote, on_delete=models.CASCADE, related_name="replies", db_index=False)
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="+", verbose_name=_("enfant"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("écrit par")
    )
    is_from_school = models.BooleanField(_("de l’école"), default=False)
    body = models.TextField(_("texte"), max_length=2000)
    sent_at = models.DateTimeField(_("parti le"), null=True, blank=True)  # empty: it waits at the gate
    withdrawn_at = models.DateTimeField(_("retiré par la direction le"), null=True, blank=True)  # its author reads it

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("échange sur un mot")
        verbose_name_plural = _("échanges sur les mots")
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["note", "pupil"], name="reply_of_a_thread")]
        constraints = [models.CheckConstraint(condition=~Q(body=""), name="a_reply_says_something")]

    def __str__(self) -> str:
        return self.body[:60]


class ReplyReport(AbstractReport):
    """Of what was said about a note, by one of its readers."""

    WORDS = "reply"

    reply = models.ForeignKey(Reply, on_delete=models.CASCADE, related_name="+", verbose_name=_("message"))

    class Meta(AbstractReport.Meta):
        constraints = [
            models.UniqueConstraint(fields=["reply", "reporter"], name="one_report_of_a_reply_for_each_reader")
        ]


class ThreadReading(BaseModel):
    """Until when one adult has read what is said about a note for a child."""

    note = models.ForeignKey(LiaisonNote, on_delete=models.CASCADE, related_name="+", db_index=False)
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField(_("lu le"))

    class Meta:
        verbose_name = _("lecture d’un échange")
        verbose_name_plural = _("lectures d’échanges")
        ordering = ["read_at", "id"]
        constraints = [models.UniqueConstraint(fields=["note", "pupil", "account"], name="a_thread_is_read_until_once")]

    def __str__(self) -> str:
        return f"{self.account} · {self.read_at}"
