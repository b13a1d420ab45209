from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from tenant_apps.schools.models import School
from tenant_apps.trainees.querysets import RegistrationQuerySet


class TrainingRegistration(BaseModel):
    """One teacher, one session of the academy, known there by this id. The facts of the session are kept as last told,
    so that the certificate says what was followed.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("demande envoyée")
        WAITING = "waiting", _("en liste d’attente")
        CONFIRMED = "confirmed", _("inscription confirmée")
        REFUSED = "refused", _("inscription refusée")
        CANCELLED = "cancelled", _("annulée")
        PRESENT = "present", _("suivie")
        ABSENT = "absent", _("non suivie")

    EXPECTED = (State.ASKED, State.WAITING, State.CONFIRMED)

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("compte")
    )
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+", verbose_name=_("école"))
    session = models.UUIDField(_("session"))
    # Drawn here, the same for all the registrations of an account: the academy counts people once, and knows nobody.
    trainee = models.UUIDField(_("stagiaire"))
    state = models.CharField(_("état"), max_length=9, choices=State, default=State.ASKED)
    title = models.CharField(_("formation"), max_length=120)
    level = models.CharField(_("niveau"), max_length=40)
    hours = models.DecimalField(_("durée en heures"), max_digits=4, decimal_places=1)
    day = models.DateField(_("jour"))
    starts_at = models.TimeField(_("début"))
    ends_at = models.TimeField(_("fin"))
    where = models.CharField(_("lieu"), max_length=420)
    reason = models.CharField(_("motif de l’annulation"), max_length=200, blank=True)
    certificate = models.CharField(_("numéro d’attestation"), max_length=12, blank=True)
    rating = models.PositiveSmallIntegerField(_("note"), null=True, blank=True)
    comment = models.TextField(_("commentaire"), max_length=1000, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("inscription à une formation")
        verbose_name_plural = _("inscriptions à des formations")
        ordering = ["day", "starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "session"], name="one_registration_a_session"),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__gte=1, rating__lte=5), name="trainee_rating_is_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.day}"

    def get_absolute_url(self) -> str:
        return reverse("trainees:offer", args=[self.session])

    @property
    def is_expected(self) -> bool:
        return self.state in self.EXPECTED

    @property
    def may_withdraw(self) -> bool:
        return self.is_expected and self.day >= timezone.localdate()

    @property
    def has_certificate(self) -> bool:
        return self.state == self.State.PRESENT and bool(self.certificate)

    @property
    def waits_for_rating(self) -> bool:
        return self.state == self.State.PRESENT and self.rating is None

    def take(self, facts: dict[str, Any]) -> None:
        """What the academy says of the session."""
        for name in ("title", "level", "hours", "day", "starts_at", "ends_at", "where", "reason"):
            setattr(self, name, facts[name])
