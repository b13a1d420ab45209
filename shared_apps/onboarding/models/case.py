from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from shared_apps.onboarding.models.convention import Convention, ConventionSchool
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
    imported_on = models.DateField(_("repris le"), null=True, blank=True)  # begun by a file of adhesions
    # Made by the demonstration: once a file of adhesions is loaded, the file alone says whether it has joined.
    is_demo = models.BooleanField(_("démonstration"), default=False, db_default=False)

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
    def convention(self) -> Convention | None:
        """The initial convention; amendments hang on it. Without one, that of the history."""
        return self.convention_of(None)

    def convention_of(self, closed_on: Any) -> Convention | None:
        """The one in hand (None), or one from before the commune came back."""
        kinds = {c.kind: c for c in self.conventions.all() if c.closed_on == closed_on}
        signed_here = kinds.get(Convention.Kind.FORMER if closed_on else Convention.Kind.INITIAL)
        return signed_here or kinds.get(Convention.Kind.IMPORTED)

    @property
    def amendments(self) -> list[Convention]:
        return [c for c in self.conventions.all() if c.is_amendment and c.closed_on is None]

    @property
    def annexed(self) -> list[ConventionSchool]:
        """The annex as it stands: the convention's, then what each amendment signed by both added and took out."""
        if self.convention is None:
            return []
        rows = {row.school_id: row for row in self.convention.annexed_schools.all()}
        for amendment in (a for a in self.amendments if a.is_signed_by_both):
            for row in amendment.annexed_schools.all():
                rows.pop(row.school_id, None)
                if not row.is_withdrawn:
                    rows[row.school_id] = row
        return list(rows.values())

    @property
    def schools(self) -> list[str]:
        """UAIs of the annex as it stands."""
        return [row.school_id for row in self.annexed]


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
