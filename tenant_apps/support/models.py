from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from shared_apps.files.models import StoredFile
from shared_apps.support.tickets import TicketFacts
from shared_apps.support.vocabulary import (
    MOST_MINUTES,
    REOPENS_WITHIN,
    UNANSWERED_FOR,
    AccessState,
    Category,
    EndedBy,
    Level,
    Priority,
    Reason,
    Scope,
    State,
)
from tenant_apps.schools.models import School
from tenant_apps.support.querysets import SupportAccessQuerySet, TicketMessageQuerySet, TicketQuerySet

PURPOSE = "support.message"
# As the database says it: a migration holds no value of Python's own modules.
FOUR_HOURS = Cast(Value("4 hours", output_field=models.CharField()), models.DurationField())


class Ticket(TicketFacts, BaseModel):
    """A request for help. The thread lives here; the academy gets a header without words (`services.headers`)."""

    Category, Priority, State, Level, Scope = Category, Priority, State, Level, Scope

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("demandé par")
    )
    profile = models.CharField(_("profil"), max_length=10)
    scope = models.CharField(_("côté"), max_length=6, choices=Scope)
    school = models.ForeignKey(
        School, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("école")
    )
    subject = models.CharField(_("en une ligne"), max_length=120)
    category = models.CharField(_("sujet"), max_length=10, choices=Category)
    priority = models.CharField(_("priorité"), max_length=6, choices=Priority, default=Priority.NORMAL)
    state = models.CharField(_("état"), max_length=11, choices=State, default=State.NEW)
    level = models.CharField(_("niveau"), max_length=7, choices=Level)
    # What the author was shown and joined: browser, screen, version, page, numbers of errors. Nothing of a person.
    diagnostics = models.JSONField(_("informations techniques"), default=dict, blank=True)
    taken_at = models.DateTimeField(_("reçue le"))
    answered_at = models.DateTimeField(_("première réponse le"), null=True, blank=True)
    solved_at = models.DateTimeField(_("résolue le"), null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(_("réouvertures"), default=0)
    rating = models.PositiveSmallIntegerField(_("satisfaction"), null=True, blank=True)
    rating_words = models.CharField(_("un mot"), max_length=300, blank=True)
    # The assistance reads this one thread until then, and no other.
    readable_until = models.DateTimeField(_("lisible par l’académie jusqu’au"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("demande d’aide")
        verbose_name_plural = _("demandes d’aide")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scope="town", school=None) | Q(scope="school", school__isnull=False),
                name="ticket_is_of_a_school_or_of_the_town",
            ),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__gte=1, rating__lte=4), name="ticket_rating_is_one_to_four"
            ),
            models.CheckConstraint(
                condition=Q(readable_until=None) | ~Q(level="class"), name="a_pupils_words_are_never_readable_above"
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        # Asked from the academy's host too, when the assistance answers.
        return reverse("support:ticket", args=[self.pk], urlconf=settings.ROOT_URLCONF)

    @property
    def may_reopen(self) -> bool:
        is_recent = self.solved_at is not None and self.solved_at > timezone.now() - REOPENS_WITHIN
        return self.state == State.SOLVED and is_recent

    @property
    def reopens_until(self) -> Any:
        return self.solved_at + REOPENS_WITHIN if self.solved_at else None


class TicketMessage(BaseModel):
    """A line of the thread: words, or a step of the request with its words."""

    class Voice(models.TextChoices):
        AUTHOR = "author", _("la personne")
        REFERENT = "referent", _("le référent")
        ACADEMY = "academy", _("l’assistance académique")

    class Step(models.TextChoices):
        WORDS = "words", _("a écrit")
        ESCALATED = "escalated", _("a transmis à l’académie")
        RETURNED = "returned", _("a rendu à l’école")
        SOLVED = "solved", _("a marqué la demande résolue")
        REOPENED = "reopened", _("a rouvert la demande")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages", verbose_name=_("demande"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("écrit par")
    )
    # Of the assistance: who they are is known at the academy only.
    agent = models.UUIDField(_("agent"), null=True, blank=True)
    voice = models.CharField(_("qui"), max_length=8, choices=Voice)
    step = models.CharField(_("quoi"), max_length=9, choices=Step, default=Step.WORDS)
    body = models.TextField(_("texte"), max_length=4000, blank=True)

    objects = TicketMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message d’une demande")
        verbose_name_plural = _("messages des demandes")
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"{self.get_voice_display()} · {self.get_step_display()}"

    @property
    def attachment(self) -> StoredFile | None:
        return StoredFile.objects.of_object(PURPOSE, self.pk).first()


class SupportAccess(BaseModel):
    """An agent of the academy asks to look in here; granted, for so long, read only. The id is the academy's."""

    agent = models.UUIDField(_("agent"))
    scope = models.CharField(_("périmètre"), max_length=6, choices=Scope)
    school = models.ForeignKey(
        School, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("école")
    )
    reason = models.CharField(_("raison"), max_length=9, choices=Reason)
    words = models.CharField(_("précisions"), max_length=500, blank=True)
    # What was joined to it is read too, while it is the academy's.
    ticket = models.ForeignKey(
        Ticket,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="accesses",
        verbose_name=_("demande d’aide"),
    )
    minutes = models.PositiveSmallIntegerField(_("durée"))
    state = models.CharField(_("état"), max_length=7, choices=AccessState, default=AccessState.ASKED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("décidé par"),
    )
    decided_at = models.DateTimeField(_("décidé à"), null=True, blank=True)
    ends_at = models.DateTimeField(_("jusqu’à"), null=True, blank=True)
    ended_at = models.DateTimeField(_("terminé à"), null=True, blank=True)
    ended_by = models.CharField(_("terminé par"), max_length=7, choices=EndedBy, blank=True)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="support_access",
        verbose_name=_("compte de passage"),
    )
    spent = models.JSONField(default=list, editable=False)  # letters that served

    objects = SupportAccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("accès de l’assistance")
        verbose_name_plural = _("accès de l’assistance")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scope="town", school=None) | Q(scope="school", school__isnull=False),
                name="support_access_has_one_scope",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=MOST_MINUTES), name="support_access_asks_four_hours_at_most"
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__lte=F("decided_at") + FOUR_HOURS),
                name="support_access_lasts_four_hours_at_most",
            ),
        ]

    def __str__(self) -> str:
        return str(self.school) if self.school else str(self.get_scope_display())

    @property
    def agent_number(self) -> str:
        """Enough to tell two agents apart; the academy knows whom it names."""
        return self.agent.hex[:6].upper()

    @property
    def is_running(self) -> bool:
        return self.state == AccessState.GRANTED and self.ends_at is not None and self.ends_at > timezone.now()

    @property
    def is_waiting(self) -> bool:
        return self.state == AccessState.ASKED and self.created_at > timezone.now() - UNANSWERED_FOR

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.minutes)
