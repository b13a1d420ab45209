from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.ids import unordered
from core.models import BaseModel
from tenant_apps.people.models import Pupil
from tenant_apps.schools.models import School, SchoolClass
from tenant_apps.surveys.querysets import SurveyQuerySet


class Survey(BaseModel):
    """Questions of a school to its families, its pupils or its teachers, answered once until a day."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("brouillon")
        OPEN = "open", _("ouvert")
        CLOSED = "closed", _("clos")

    class Audience(models.TextChoices):
        GUARDIAN = "guardian", _("Les parents")
        PUPIL = "pupil", _("Les élèves")
        TEACHER = "teacher", _("Les enseignants et les AESH")

    class Once(models.TextChoices):
        PERSON = "person", _("Une réponse par personne")
        CHILD = "child", _("Une réponse par enfant : un seul des parents répond")

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="surveys", verbose_name=_("école"))
    classes = models.ManyToManyField(SchoolClass, related_name="surveys", verbose_name=_("classes"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("écrit par")
    )
    title = models.CharField(_("titre"), max_length=120)
    words = models.TextField(_("ce que vous voulez savoir, et pourquoi"), max_length=1000, blank=True)
    audience = models.CharField(_("qui répond"), max_length=8, choices=Audience, default=Audience.GUARDIAN)
    once = models.CharField(_("combien de fois"), max_length=6, choices=Once, default=Once.PERSON)
    is_anonymous = models.BooleanField(_("anonyme : personne ne saura qui a répondu quoi"), default=False)
    ends_on = models.DateField(_("dernier jour pour répondre"))
    status = models.CharField(_("état"), max_length=6, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("sondage")
        verbose_name_plural = _("sondages")
        ordering = ["-published_at", "-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft") | Q(published_at__isnull=False), name="an_open_survey_has_a_date"
            ),
            models.CheckConstraint(
                condition=Q(once="person") | Q(audience="guardian"),
                name="only_guardians_answer_for_a_child",
                violation_error_message=_("Une réponse par enfant : seuls les parents répondent ainsi."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("surveys:survey", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN and self.ends_on >= timezone.localdate()

    @property
    def state(self) -> str:
        """In words. Past its last day it is closed, though nobody closed it."""
        is_over = self.status == self.Status.OPEN and not self.is_open
        return str((self.Status.CLOSED if is_over else self.Status(self.status)).label)

    @property
    def is_by_child(self) -> bool:
        return self.once == self.Once.CHILD


class Question(BaseModel):
    class Kind(models.TextChoices):
        ONE = "one", _("un seul choix")
        MANY = "many", _("plusieurs choix")
        TEXT = "text", _("texte libre")

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(default=0, db_default=0)  # those written before it share the first
    label = models.CharField(_("question"), max_length=200)
    kind = models.CharField(_("réponse"), max_length=4, choices=Kind, default=Kind.ONE)
    choices = models.JSONField(_("choix"), default=list, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position", "created_at", "id"]

    def __str__(self) -> str:
        return self.label

    @property
    def is_text(self) -> bool:
        return self.kind == self.Kind.TEXT


class Ballot(BaseModel):
    """That somebody answered, for themselves or for a child: never what, when the survey is anonymous."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="ballots", db_index=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("émargement d’un sondage")
        verbose_name_plural = _("émargements de sondages")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "pupil"], condition=Q(pupil__isnull=False), name="a_survey_is_answered_once_per_child"
            ),
            models.UniqueConstraint(
                fields=["survey", "account"], condition=Q(pupil=None), name="a_survey_is_answered_once_per_person"
            ),
        ]

    def __str__(self) -> str:
        return str(self.survey)


class Response(models.Model):
    """What was answered: by the id of the question, the texts chosen or written.

    Neither a moment nor an order: beside the ballots, either would tell whose an anonymous answer is.
    """

    id = models.UUIDField(primary_key=True, default=unordered, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="responses")
    ballot = models.OneToOneField(Ballot, on_delete=models.CASCADE, null=True, blank=True, related_name="response")
    answers: Any = models.JSONField(_("réponses"), default=dict)
    # Anonymous ones are read five at a time: two looks around one answer would tell what it was.
    is_counted = models.BooleanField(_("lue"), default=True, db_default=True)

    class Meta:
        verbose_name = _("réponse à un sondage")
        verbose_name_plural = _("réponses aux sondages")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.survey)
