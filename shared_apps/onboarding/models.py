from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from shared_apps.onboarding.querysets import CaseQuerySet


class Case(BaseModel):
    """The life of a commune with the académie, from prospect to the end of its convention. One per commune."""

    class State(models.TextChoices):
        PROSPECT = "prospect", _("prospect")
        CONTACTED = "contacted", _("contactée")
        DRAFTED = "drafted", _("projet de convention")
        DELIBERATED = "deliberated", _("délibération prise")
        SIGNED_BY_COMMUNE = "signed_commune", _("signée par la commune")
        SIGNED_BY_BOTH = "signed_both", _("signée des deux côtés")
        PROVISIONING = "provisioning", _("ouverture en cours")
        OPEN = "open", _("ouverte")
        SUSPENDED = "suspended", _("suspendue")
        TO_RENEW = "to_renew", _("à renouveler")
        EXPIRED = "expired", _("expirée")
        ARCHIVED = "archived", _("archivée")
        TERMINATED = "terminated", _("résiliée")

    commune = models.OneToOneField(
        "reference.RefCommune",
        on_delete=models.PROTECT,
        to_field="insee",
        related_name="case",
        verbose_name=_("commune"),
    )
    state = models.CharField(_("état"), max_length=14, choices=State, default=State.PROSPECT)
    # When the present state was reached; the whole story is in the events.
    state_since = models.DateField(_("dans cet état depuis"))
    owner = models.ForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("suivi par"),
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("dossier d’adhésion")
        verbose_name_plural = _("dossiers d’adhésion")
        ordering = ["state_since", "id"]
        indexes = [models.Index(fields=["state", "state_since"], name="case_state")]

    def __str__(self) -> str:
        return str(self.commune)

    @property
    def insee(self) -> str:
        return self.commune_id

    @property
    def convention(self) -> "Convention | None":
        """The initial convention; amendments hang on it."""
        return next((c for c in self.conventions.all() if c.kind == Convention.Kind.INITIAL), None)

    @property
    def schools(self) -> list[str]:
        """UAIs of the convention, in the order of the annex."""
        return self.convention.uais if self.convention else []


# States of a commune whose convention is in force: it has joined.
JOINED = (Case.State.SIGNED_BY_BOTH, Case.State.PROVISIONING, Case.State.OPEN, Case.State.TO_RENEW)


class CaseEvent(BaseModel):
    """One change of a case, dated, by a person. `on` is the day it happened, `created_at` when it was written."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events", verbose_name=_("dossier"))
    state = models.CharField(_("état atteint"), max_length=14, choices=Case.State)
    on = models.DateField(_("le"))
    detail = models.CharField(_("précision"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("saisi par"),
    )

    class Meta:
        verbose_name = _("étape du dossier")
        verbose_name_plural = _("étapes du dossier")
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"{self.get_state_display()} · {self.on}"


class CaseContact(BaseModel):
    """Somebody to write to: the mayor, the town's officer, the head of one school. First accounts are made of these."""

    class Role(models.TextChoices):
        MAYOR = "mayor", _("maire")
        SCHOOL_SERVICE = "school_service", _("affaires scolaires")
        HEAD = "head", _("direction d’école")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="contacts", verbose_name=_("dossier"))
    role = models.CharField(_("fonction"), max_length=14, choices=Role)
    first_name = models.CharField(_("prénom"), max_length=100)
    last_name = models.CharField(_("nom"), max_length=100)
    email = models.EmailField(_("adresse électronique"), blank=True)
    school = models.ForeignKey(
        "reference.RefSchool",
        on_delete=models.PROTECT,
        to_field="uai",
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("école"),
    )

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["role", "last_name", "first_name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "role"], condition=~models.Q(role="head"), name="one_contact_by_town_role"
            ),
            models.UniqueConstraint(fields=["case", "school"], name="one_head_by_school"),
            models.CheckConstraint(
                condition=models.Q(role="head", school__isnull=False)
                | (~models.Q(role="head") & models.Q(school=None)),
                name="only_a_head_has_a_school",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Convention(BaseModel):
    """Between the académie and a commune: the schools of its annex, the deliberation, two signatures."""

    class Kind(models.TextChoices):
        INITIAL = "initial", _("convention")
        AMENDMENT = "amendment", _("avenant")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="conventions", verbose_name=_("dossier"))
    kind = models.CharField(_("nature"), max_length=9, choices=Kind, default=Kind.INITIAL)
    number = models.CharField(_("numéro"), max_length=9, unique=True)  # « 2026-0385 »
    template_version = models.CharField(_("version du modèle"), max_length=10)  # « 2026.3 »
    drafted_on = models.DateField(_("rédigée le"))
    deliberation_number = models.CharField(_("numéro de la délibération"), max_length=40, blank=True)
    deliberated_on = models.DateField(_("délibération du"), null=True, blank=True)

    class Meta:
        verbose_name = _("convention")
        verbose_name_plural = _("conventions")
        ordering = ["drafted_on", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(kind="initial"), name="one_initial_convention_by_case"
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

    @property
    def uais(self) -> list[str]:
        return [annexed.school_id for annexed in self.annexed_schools.all()]

    @property
    def pupils(self) -> int:
        return sum(annexed.pupils or 0 for annexed in self.annexed_schools.all())

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
    def is_signed(self) -> bool:
        """By at least one side: the text can't change any more."""
        return bool(self.signatures.all())

    @property
    def is_signed_by_both(self) -> bool:
        return self.commune_signature is not None and self.academy_signature is not None

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
    """A signature put on paper or elsewhere, recorded by a person, with the scan when there is one."""

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

    class Meta:
        verbose_name = _("signature de convention")
        verbose_name_plural = _("signatures de convention")
        ordering = ["signed_on", "side"]
        constraints = [
            models.UniqueConstraint(fields=["convention", "side"], name="a_side_signs_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} · {self.signer_name}"
