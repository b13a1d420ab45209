from datetime import date
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from core.months import last_day
from shared_apps.onboarding.querysets import ConventionQuerySet


class Convention(BaseModel):
    """Between the académie and a commune: the schools of its annex, the deliberation, two signatures."""

    class Kind(models.TextChoices):
        INITIAL = "initial", _("convention")
        AMENDMENT = "amendment", _("avenant")
        IMPORTED = "imported", _("convention reprise de l’historique")
        FORMER = "former", _("convention d’avant, close")

    class Renewal(models.TextChoices):
        TACIT = "tacit", _("tacite : elle se prolonge d’elle-même")
        EXPRESS = "express", _("expresse : les deux parties signent à nouveau")
        NONE = "none", _("aucune : elle s’arrête à son terme")

    class Stage(models.TextChoices):
        """How far its signatures are: computed (`with_stage`), never stored."""

        DRAFT = "draft", _("projet")
        DELIBERATED = "deliberated", _("délibérée")
        SENT = "sent", _("envoyée à la commune")
        HALF = "half", _("signée par la commune")
        SIGNED = "signed", _("signée des deux côtés")
        OVER = "over", _("terminée")

    TERM_MONTHS = 36  # what is proposed

    case = models.ForeignKey(
        "onboarding.Case", on_delete=models.PROTECT, related_name="conventions", verbose_name=_("dossier")
    )
    kind = models.CharField(_("nature"), max_length=9, choices=Kind, default=Kind.INITIAL)
    number = models.CharField(_("numéro"), max_length=9, unique=True)  # « 2026-0385 »
    template_version = models.CharField(_("version du modèle"), max_length=10)  # « 2026.3 »
    drafted_on = models.DateField(_("rédigée le"))
    deliberation_number = models.CharField(_("numéro de la délibération"), max_length=40, blank=True)
    deliberated_on = models.DateField(_("délibération du"), null=True, blank=True)
    # Its terms (docs/lifecycle.md). Without a last day it never ends by itself.
    starts_on = models.DateField(_("prend effet le"), null=True, blank=True)
    ends_on = models.DateField(_("dernier jour"), null=True, blank=True)
    renewal = models.CharField(_("reconduction"), max_length=7, choices=Renewal, blank=True, default="", db_default="")
    term_months = models.PositiveSmallIntegerField(_("durée, en mois"), null=True, blank=True)
    # The last day of one that was over when its commune came back: a new one has taken its place.
    closed_on = models.DateField(_("close le"), null=True, blank=True)
    # Of a file of adhesions: such a convention follows its file, and goes when it has left it.
    imported_on = models.DateField(_("reprise le"), null=True, blank=True)
    # Who signs for the commune when it isn't its mayor.
    party = models.ForeignKey(
        "onboarding.SignatoryParty",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="conventions",
        verbose_name=_("groupement signataire"),
    )
    # The PDF with the electronic signatures made so far.
    sealed = models.ForeignKey(
        "files.StoredFile",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("exemplaire signé en ligne"),
    )
    # The end of the certificate behind its last time stamp; none: not read yet (`renew_proofs`).
    proved_until = models.DateField(_("prouvé jusqu’au"), null=True, blank=True)

    objects = ConventionQuerySet.as_manager()

    class Meta:
        verbose_name = _("convention")
        verbose_name_plural = _("conventions")
        ordering = ["drafted_on", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(kind="initial"), name="one_initial_convention_by_case"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="imported", imported_on__isnull=False)
                | (~models.Q(kind="imported") & models.Q(imported_on=None)),
                name="imported_convention_has_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(number__regex=r"^[0-9]{4}-[0-9]{4}$"), name="convention_number_shape"
            ),
            models.CheckConstraint(
                condition=models.Q(deliberated_on=None, deliberation_number="")
                | (models.Q(deliberated_on__isnull=False) & ~models.Q(deliberation_number="")),
                name="deliberation_has_number_and_date",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("onboarding:convention", args=[self.number])

    @property
    def is_amendment(self) -> bool:
        return self.kind == self.Kind.AMENDMENT

    @property
    def uais(self) -> list[str]:
        """Those it brings in; an amendment may also take some out."""
        return [annexed.school_id for annexed in self.annexed_schools.all() if not annexed.is_withdrawn]

    @property
    def withdrawn_uais(self) -> list[str]:
        return [annexed.school_id for annexed in self.annexed_schools.all() if annexed.is_withdrawn]

    @property
    def is_electronic(self) -> bool:
        return self.sealed_id is not None

    @property
    def pupils(self) -> int:
        return sum(annexed.pupils or 0 for annexed in self.annexed_schools.all() if not annexed.is_withdrawn)

    @property
    def is_deliberated(self) -> bool:
        return self.deliberated_on is not None

    def signature_of(self, side: str) -> "ConventionSignature | None":
        return next((s for s in self.signatures.all() if s.side == side), None)

    @property
    def commune_signature(self) -> "ConventionSignature | None":
        return self.signature_of(ConventionSignature.Side.COMMUNE)

    @property
    def academy_signature(self) -> "ConventionSignature | None":
        return self.signature_of(ConventionSignature.Side.ACADEMY)

    @property
    def live_invitation(self) -> Any:
        """The link that the commune holds and has not used."""
        return next((invitation for invitation in self.invitations.all() if invitation.is_live), None)

    @property
    def is_signed(self) -> bool:
        """By at least one side: the text can't change any more."""
        return bool(self.signatures.all())

    @property
    def is_signed_by_both(self) -> bool:
        return self.commune_signature is not None and self.academy_signature is not None

    def begin(self, day: date) -> None:
        """From that day, for its term; without a term it has no last day."""
        self.starts_on = day
        self.ends_on = last_day(day, self.term_months) if self.term_months else None

    @property
    def is_over(self) -> bool:
        """Its last day has passed, and it does not go on by itself."""
        has_passed = self.ends_on is not None and self.ends_on < timezone.localdate()
        return has_passed and self.renewal != self.Renewal.TACIT

    @property
    def in_force_on(self) -> date | None:
        """The day of the second signature."""
        return max(s.signed_on for s in self.signatures.all()) if self.is_signed_by_both else None


class ConventionSchool(BaseModel):
    """A line of the annex, with the pupils counted when it was drafted."""

    convention = models.ForeignKey(
        Convention, on_delete=models.CASCADE, related_name="annexed_schools", verbose_name=_("convention")
    )
    school = models.ForeignKey(
        "reference.RefSchool",
        on_delete=models.PROTECT,
        to_field="uai",
        related_name="annexes",
        verbose_name=_("école"),
    )
    pupils = models.PositiveIntegerField(_("élèves"), null=True, blank=True)
    # When it came later than the convention itself.
    joined_on = models.DateField(_("dans l’ENT depuis"), null=True, blank=True)
    is_withdrawn = models.BooleanField(_("retirée"), default=False, db_default=False)

    class Meta:
        verbose_name = _("école annexée")
        verbose_name_plural = _("écoles annexées")
        ordering = ["school__sort_name", "school__uai"]
        constraints = [
            models.UniqueConstraint(fields=["convention", "school"], name="school_annexed_once"),
        ]

    def __str__(self) -> str:
        return self.school_id


class ConventionSignature(BaseModel):
    """A signature put on paper and recorded by a person, with its scan when there is one, or made on the platform."""

    class Side(models.TextChoices):
        COMMUNE = "commune", _("commune")
        ACADEMY = "academy", _("académie")

    convention = models.ForeignKey(
        Convention, on_delete=models.PROTECT, related_name="signatures", verbose_name=_("convention")
    )
    side = models.CharField(_("partie"), max_length=7, choices=Side)
    signer_name = models.CharField(_("nom du signataire"), max_length=120)
    # « maire », « première adjointe, par délégation », « recteur »
    signer_quality = models.CharField(_("qualité"), max_length=120)
    signed_on = models.DateField(_("signée le"))
    place = models.CharField(_("fait à"), max_length=60)
    recorded_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("saisi par")
    )
    scan = models.ForeignKey(
        "files.StoredFile",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("exemplaire signé"),
    )
    is_electronic = models.BooleanField(_("en ligne"), default=False, db_default=False)

    class Meta:
        verbose_name = _("signature de convention")
        verbose_name_plural = _("signatures de convention")
        ordering = ["signed_on", "side"]
        constraints = [
            models.UniqueConstraint(fields=["convention", "side"], name="a_side_signs_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} · {self.signer_name}"
