from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from shared_apps.support.querysets import AccessRequestQuerySet, CannedAnswerQuerySet, TicketHeaderQuerySet
from shared_apps.support.tickets import TicketFacts
from shared_apps.support.vocabulary import (
    MINUTES,
    MOST_MINUTES,
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
from tenants.models import Commune


class TicketHeader(TicketFacts, BaseModel):
    """What the academy knows of a request for help. Its words stay in the commune; the id is the request's own."""

    commune = models.ForeignKey(Commune, on_delete=models.CASCADE, related_name="+", verbose_name=_("commune"))
    uai = models.CharField("UAI", max_length=8, blank=True)
    category = models.CharField(_("sujet"), max_length=10, choices=Category)
    priority = models.CharField(_("priorité"), max_length=6, choices=Priority)
    state = models.CharField(_("état"), max_length=11, choices=State)
    level = models.CharField(_("niveau"), max_length=7, choices=Level)
    profile = models.CharField(_("profil"), max_length=10)
    opened_at = models.DateTimeField(_("ouverte le"))
    # Since when the present level has it: its targets count from there.
    taken_at = models.DateTimeField(_("reçue le"))
    answered_at = models.DateTimeField(_("première réponse le"), null=True, blank=True)
    solved_at = models.DateTimeField(_("résolue le"), null=True, blank=True)
    answer_due_at = models.DateTimeField(_("première réponse avant"))
    solve_due_at = models.DateTimeField(_("solution avant"))
    answer_minutes = models.PositiveIntegerField(_("minutes ouvrées avant la réponse"), null=True, blank=True)
    solve_minutes = models.PositiveIntegerField(_("minutes ouvrées avant la solution"), null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(_("réouvertures"), default=0)
    rating = models.PositiveSmallIntegerField(_("satisfaction"), null=True, blank=True)
    readable_until = models.DateTimeField(_("conversation lisible jusqu’au"), null=True, blank=True)
    # Messages may overtake each other on their way up: an older one changes nothing.
    version = models.PositiveIntegerField(default=0)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("suivie par"),
    )

    objects = TicketHeaderQuerySet.as_manager()

    class Meta:
        verbose_name = _("demande d’aide")
        verbose_name_plural = _("demandes d’aide")
        ordering = ["answer_due_at", "id"]
        indexes = [models.Index(fields=["level", "state", "solve_due_at"], name="ticket_header_queue")]

    def __str__(self) -> str:
        return self.number

    @property
    def due_at(self) -> object:
        return self.answer_due_at if self.answered_at is None else self.solve_due_at

    @property
    def is_late(self) -> bool:
        now = timezone.now()
        return self.is_open and ((self.answered_at is None and self.answer_due_at < now) or self.solve_due_at < now)


class CannedAnswer(BaseModel):
    """A text that agents send often. Its versions are kept: what was sent in March can be found again."""

    title = models.CharField(_("titre"), max_length=100, unique=True)
    category = models.CharField(_("sujet"), max_length=10, choices=Category)
    is_archived = models.BooleanField(_("retirée"), default=False)

    objects = CannedAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("réponse préparée")
        verbose_name_plural = _("réponses préparées")
        ordering = ["category", "title"]

    def __str__(self) -> str:
        return self.title


class CannedText(BaseModel):
    answer = models.ForeignKey(
        CannedAnswer, on_delete=models.CASCADE, related_name="texts", verbose_name=_("réponse préparée")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    body = models.TextField(_("texte"), max_length=4000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("écrit par")
    )

    class Meta:
        verbose_name = _("texte préparé")
        verbose_name_plural = _("textes préparés")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["answer", "number"], name="canned_text_number_is_unique")]

    def __str__(self) -> str:
        return f"{self.answer} · {self.number}"


class AccessRequest(BaseModel):
    """An agent asks to look into a commune. The commune decides; its own row, of the same id, is what opens."""

    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("agent")
    )
    commune = models.ForeignKey(Commune, on_delete=models.CASCADE, related_name="+", verbose_name=_("commune"))
    scope = models.CharField(_("périmètre"), max_length=6, choices=Scope)
    uai = models.CharField("UAI", max_length=8, blank=True)
    reason = models.CharField(_("raison"), max_length=9, choices=Reason)
    minutes = models.PositiveSmallIntegerField(_("durée"), choices=MINUTES)
    ticket = models.ForeignKey(
        TicketHeader, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("demande")
    )
    state = models.CharField(_("état"), max_length=7, choices=AccessState, default=AccessState.ASKED)
    ends_at = models.DateTimeField(_("jusqu’à"), null=True, blank=True)
    ended_by = models.CharField(_("terminé par"), max_length=7, choices=EndedBy, blank=True)
    ended_at = models.DateTimeField(_("terminé à"), null=True, blank=True)

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("demande d’accès")
        verbose_name_plural = _("demandes d’accès")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=MOST_MINUTES), name="access_request_is_four_hours_at_most"
            ),
            models.CheckConstraint(
                condition=Q(scope="school") & ~Q(uai="") | Q(scope="town", uai=""), name="access_request_has_one_scope"
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("created_at")), name="access_request_ends_after_it_was_made"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune} · {self.get_scope_display()}"

    @property
    def is_running(self) -> bool:
        return self.state == AccessState.GRANTED and self.ends_at is not None and self.ends_at > timezone.now()

    @property
    def is_waiting(self) -> bool:
        return self.state == AccessState.ASKED and self.created_at > timezone.now() - UNANSWERED_FOR

    @property
    def is_over(self) -> bool:
        return not (self.is_running or self.is_waiting)

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.minutes)
