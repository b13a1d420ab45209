from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from tenant_apps.outings.querysets import OutingQuerySet
from tenant_apps.schools.models import SchoolClass


class Outing(BaseModel):
    """An outing of a class: one form says it, and asks the authorisation, the participation and who comes along.

    Authorisation and participation are one signed answer: « J’autorise mon enfant à participer », or it does not go.
    """

    CHOICES = (("yes", _("J’autorise mon enfant à participer")), ("no", _("Mon enfant ne participera pas")))

    school_class = models.ForeignKey(
        SchoolClass, on_delete=models.PROTECT, related_name="outings", verbose_name=_("classe")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisée par")
    )
    title = models.CharField(_("sortie"), max_length=120)
    words = models.TextField(_("ce que les enfants vont y faire"), max_length=2000, blank=True)
    place = models.CharField(_("lieu"), max_length=120)
    day = models.DateField(_("jour"))
    leaves_at = models.TimeField(_("départ"))
    comes_back_at = models.TimeField(_("retour"))
    to_bring = models.CharField(_("à prévoir"), max_length=200, blank=True)
    amount = models.CharField(_("participation demandée"), max_length=120, blank=True)
    due_on = models.DateField(_("réponse avant le"))
    needs_each_guardian = models.BooleanField(_("chaque responsable doit signer"), default=True)
    companions_wanted = models.PositiveSmallIntegerField(_("accompagnateurs cherchés"), default=0)
    published_at = models.DateTimeField(_("envoyée le"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("annulée le"), null=True, blank=True)
    withdrawal = models.CharField(_("pourquoi"), max_length=300, blank=True, default="", db_default="")

    objects = OutingQuerySet.as_manager()

    class Meta:
        verbose_name = _("sortie")
        verbose_name_plural = _("sorties")
        ordering = ["-day", "-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__lte=F("day")),
                name="an_outing_is_answered_before_its_day",
                violation_error_message=_("On répond avant le jour de la sortie."),
            ),
            models.CheckConstraint(
                condition=Q(comes_back_at__gt=F("leaves_at")),
                name="an_outing_comes_back_after_it_leaves",
                violation_error_message=_("Le retour vient après le départ."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("outings:outing", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def is_to_come(self) -> bool:
        return self.day >= timezone.localdate()


class Companion(BaseModel):
    """A guardian of the class who comes along."""

    outing = models.ForeignKey(Outing, on_delete=models.CASCADE, related_name="companions", db_index=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("accompagnateur")
        verbose_name_plural = _("accompagnateurs")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["outing", "account"], name="one_comes_along_once"),
        ]

    def __str__(self) -> str:
        return str(self.account)
