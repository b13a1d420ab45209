from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from shared_apps.onboarding.models.convention import Convention


class SignatoryParty(BaseModel):
    """An EPCI or a syndicat that holds the schools of several communes, and signs for each of them."""

    class Kind(models.TextChoices):
        EPCI = "epci", _("établissement public de coopération intercommunale")
        SYNDICAT = "syndicat", _("syndicat")

    kind = models.CharField(_("nature"), max_length=8, choices=Kind)
    name = models.CharField(_("nom"), max_length=200)
    siren = models.CharField(max_length=9, unique=True)

    class Meta:
        verbose_name = _("groupement signataire")
        verbose_name_plural = _("groupements signataires")
        ordering = ["name", "siren"]
        constraints = [models.CheckConstraint(condition=models.Q(siren__regex=r"^[0-9]{9}$"), name="party_siren_shape")]

    def __str__(self) -> str:
        return self.name


class ConventionTemplate(BaseModel):
    """One version of the words of a convention or an amendment. Never changed: one writes the next."""

    kind = models.CharField(_("nature"), max_length=9, choices=Convention.Kind)
    version = models.CharField(_("version"), max_length=10)  # « 2026.2 »
    articles = models.TextField(_("articles"))  # « ## Article 1. Objet », then paragraphs
    privacy = models.TextField(_("annexe sur les données personnelles"), blank=True)  # « ## Durées », then its words
    reason = models.CharField(_("ce qui change"), max_length=200)
    is_current = models.BooleanField(_("en vigueur"), default=False)
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("rédigé par")
    )

    class Meta:
        verbose_name = _("modèle de convention")
        verbose_name_plural = _("modèles de convention")
        ordering = ["kind", "-created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="template_version_once"),
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(is_current=True), name="one_current_template_by_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.version


class SigningInvitation(BaseModel):
    """A link sent to the commune's official address: it serves once, with a code sent there when it is opened.

    Neither link nor code is kept: both are derived from the row when they leave.
    """

    LIFE = timedelta(days=21)
    CODE_LIFE = timedelta(minutes=15)
    TRIES = 5
    CODES = 6

    convention = models.ForeignKey(
        Convention, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("convention")
    )
    email = models.EmailField(_("adresse officielle"))
    document = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name=_("texte à signer")
    )
    sent_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("envoyée par")
    )
    expires_at = models.DateTimeField(_("valable jusqu’au"))
    code_generation = models.PositiveSmallIntegerField(_("codes envoyés"), default=0)
    code_sent_at = models.DateTimeField(_("code envoyé le"), null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(_("essais du code"), default=0)
    used_at = models.DateTimeField(_("signée le"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("annulée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation à signer")
        verbose_name_plural = _("invitations à signer")
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention"],
                condition=models.Q(used_at=None, revoked_at=None),
                name="one_live_invitation_by_convention",
            )
        ]

    def __str__(self) -> str:
        return f"{self.convention_id} · {self.created_at:%Y-%m-%d}"

    @property
    def is_live(self) -> bool:
        return self.used_at is None and self.revoked_at is None and timezone.now() < self.expires_at

    @property
    def has_live_code(self) -> bool:
        sent = self.code_sent_at
        return sent is not None and timezone.now() < sent + self.CODE_LIFE and self.code_tries < self.TRIES
