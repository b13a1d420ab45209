from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from shared_apps.lifecycle.querysets import NOTICE, WARNED_DAYS, EndingQuerySet, HandoverQuerySet, PackageQuerySet

STAFF = "accounts.User"


class Renewal(BaseModel):
    """A convention went on: by itself on its day, or because both sides signed again. What they signed is written."""

    convention = models.ForeignKey(
        "onboarding.Convention", on_delete=models.PROTECT, related_name="renewals", verbose_name=_("convention")
    )
    is_tacit = models.BooleanField(_("tacite"))
    was_until = models.DateField(_("s’arrêtait le"))
    until = models.DateField(_("va jusqu’au"))
    commune_signer = models.CharField(_("pour la commune"), max_length=200, blank=True)
    commune_signed_on = models.DateField(_("signée par la commune le"), null=True, blank=True)
    academy_signer = models.CharField(_("pour l’académie"), max_length=200, blank=True)
    academy_signed_on = models.DateField(_("signée par l’académie le"), null=True, blank=True)
    recorded_by = models.ForeignKey(STAFF, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("reconduction")
        verbose_name_plural = _("reconductions")
        ordering = ["until"]
        constraints = [
            models.UniqueConstraint(fields=["convention", "until"], name="renewed_once_until_a_day"),
            models.CheckConstraint(
                condition=models.Q(is_tacit=True)
                | models.Q(commune_signed_on__isnull=False, academy_signed_on__isnull=False),
                name="express_renewal_is_signed_by_both",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.convention} · {self.until}"


class Reminder(BaseModel):
    """The owner and the commune were told that the term comes: once for each distance, for each term."""

    convention = models.ForeignKey(
        "onboarding.Convention", on_delete=models.CASCADE, related_name="reminders", verbose_name=_("convention")
    )
    ends_on = models.DateField(_("terme"))
    months = models.PositiveSmallIntegerField(_("mois avant"))

    class Meta:
        verbose_name = _("rappel du terme")
        verbose_name_plural = _("rappels du terme")
        ordering = ["ends_on", "-months"]
        constraints = [
            models.UniqueConstraint(fields=["convention", "ends_on", "months"], name="reminded_once_at_each_distance")
        ]

    def __str__(self) -> str:
        return f"{self.ends_on} − {self.months}"


class Suspension(BaseModel):
    """The door was closed for a while, for a reason, by somebody."""

    case = models.ForeignKey("onboarding.Case", on_delete=models.CASCADE, related_name="suspensions")
    reason = models.CharField(_("motif"), max_length=300)
    suspended_by = models.ForeignKey(STAFF, on_delete=models.SET_NULL, null=True, related_name="+")
    lifted_at = models.DateTimeField(_("levée le"), null=True, blank=True)
    lifted_by = models.ForeignKey(STAFF, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(lifted_at=None), name="one_suspension_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.reason


class Ending(BaseModel):
    """The end of one commune: read only, archived, erased. Its rows hold dates, counts and hashes, no person’s data."""

    class State(models.TextChoices):
        READ_ONLY = "read_only", _("en lecture seule")
        ARCHIVED = "archived", _("archivée")
        ERASING = "erasing", _("effacement en cours")
        ERASED = "erased", _("effacée")
        GIVEN_UP = "given_up", _("abandonnée : la convention a été reconduite")

    case = models.ForeignKey("onboarding.Case", on_delete=models.PROTECT, related_name="endings")
    is_termination = models.BooleanField(_("résiliation"))
    reason = models.CharField(_("motif"), max_length=300, blank=True)
    decided_by = models.ForeignKey(STAFF, on_delete=models.SET_NULL, null=True, related_name="+")
    schema_name = models.CharField(max_length=50, editable=False)
    state = models.CharField(_("état"), max_length=9, choices=State, default=State.READ_ONLY)
    ended_on = models.DateField(_("dernier jour de la convention"))
    readable_until = models.DateField(_("lisible jusqu’au"))
    # Three calendar months after the last day: the proof must be there.
    erase_by = models.DateField(_("à effacer avant le"))
    archived_at = models.DateTimeField(_("archivée le"), null=True, blank=True)
    # The order to erase, which waits and can be taken back.
    ordered_at = models.DateTimeField(_("effacement demandé le"), null=True, blank=True)
    ordered_by = models.ForeignKey(STAFF, on_delete=models.SET_NULL, null=True, related_name="+")
    erasable_at = models.DateTimeField(_("pas avant"), null=True, blank=True)
    erased_at = models.DateTimeField(_("effacée le"), null=True, blank=True)
    # The distance to `erase_by`, in days, at which people were last warned; and the order that nobody gave.
    warned_days = models.PositiveSmallIntegerField(_("prévenu, en jours avant"), null=True, blank=True)
    self_ordered_at = models.DateTimeField(_("effacement demandé de lui-même le"), null=True, blank=True)
    error = models.CharField(_("difficulté"), max_length=200, blank=True)
    # What was there, what is gone: counts and hashes, as the PDF says them.
    statement = models.JSONField(_("attestation"), default=dict, blank=True)
    statement_sha256 = models.CharField(max_length=64, blank=True)

    objects = EndingQuerySet.as_manager()

    class Meta:
        verbose_name = _("fin d’une commune")
        verbose_name_plural = _("fins de communes")
        ordering = ["-ended_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=~models.Q(state__in=["erased", "given_up"]), name="one_ending_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} · {self.get_state_display()}"

    @property
    def lock(self) -> str:
        return f"ending:{self.schema_name}"

    @property
    def packages_wait_until(self) -> date:
        """The day after which an erasure no longer waits for those who did not come."""
        return self.erase_by - NOTICE

    @property
    def days_left(self) -> int:
        """Until the proof must be there; below nought, the law is broken."""
        return (self.erase_by - timezone.localdate()).days

    @property
    def is_near(self) -> bool:
        return self.days_left <= min(WARNED_DAYS)

    @property
    def orders_itself_on(self) -> date | None:
        """None: it has been ordered, or was ordered by itself once and taken back, or nothing is done by itself."""
        if self.ordered_at or self.self_ordered_at or not settings.ENT_ERASURE_BY_ITSELF:
            return None
        return max(self.packages_wait_until + timedelta(days=1), timezone.localdate())

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.ERASED, self.State.GIVEN_UP}


class Package(BaseModel):
    """One archive of open formats: the school data of the commune or of one school, or the town’s services."""

    class Kind(models.TextChoices):
        ACADEMY = "academy", _("données scolaires, toutes les écoles")
        SCHOOL = "school", _("données scolaires d’une école")
        TOWN = "town", _("données des services de la commune")

    class State(models.TextChoices):
        WAITING = "waiting", _("à faire")
        BUILDING = "building", _("en préparation")
        READY = "ready", _("prêt")
        FAILED = "failed", _("en échec")

    ending = models.ForeignKey(Ending, on_delete=models.PROTECT, related_name="packages")
    kind = models.CharField(_("contenu"), max_length=7, choices=Kind)
    uai = models.CharField(_("école"), max_length=8, blank=True)
    label = models.CharField(_("nom"), max_length=200)
    state = models.CharField(_("état"), max_length=8, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(_("tables faites"), default=0)
    total = models.PositiveIntegerField(_("tables"), default=0)
    rows = models.PositiveIntegerField(_("lignes"), default=0)
    files = models.PositiveIntegerField(_("fichiers"), default=0)
    size = models.PositiveBigIntegerField(_("taille"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    # Kept in the folder of the commune, and erased with it.
    file_id = models.UUIDField(null=True, blank=True)

    objects = PackageQuerySet.as_manager()

    class Meta:
        verbose_name = _("paquet")
        verbose_name_plural = _("paquets")
        ordering = ["kind", "uai"]
        constraints = [
            models.UniqueConstraint(fields=["ending", "kind", "uai"], name="one_package_of_a_kind"),
            models.CheckConstraint(
                condition=models.Q(kind="school") & ~models.Q(uai="") | ~models.Q(kind="school") & models.Q(uai=""),
                name="only_a_school_package_has_a_school",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY


class Handover(BaseModel):
    """One package for one addressee: a link good once, and the proof that it was received."""

    class To(models.TextChoices):
        DASEN = "dasen", _("le directeur académique (DASEN)")
        HEAD = "head", _("la direction de l’école")
        MAYOR = "mayor", _("le maire")
        SCHOOL_SERVICE = "school_service", _("les affaires scolaires")

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="handovers")
    to = models.CharField(_("destinataire"), max_length=14, choices=To)
    # Empty for the DASEN, who signs in on the académie’s host.
    email = models.EmailField(_("adresse"), blank=True)
    expires_at = models.DateTimeField(_("valable jusqu’au"), null=True, blank=True)
    received_at = models.DateTimeField(_("reçu le"), null=True, blank=True)
    received_by = models.CharField(_("reçu par"), max_length=200, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("remise")
        verbose_name_plural = _("remises")
        ordering = ["package", "to"]
        constraints = [
            models.UniqueConstraint(fields=["package", "to"], name="one_handover_to_each"),
            models.CheckConstraint(
                condition=models.Q(received_at=None, received_by="")
                | models.Q(received_at__isnull=False) & ~models.Q(received_by=""),
                name="a_receipt_has_a_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package} · {self.get_to_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The town never gets what is the schools’, nor a school what is the town’s."""
        town = {self.To.MAYOR, self.To.SCHOOL_SERVICE}
        if (self.package.kind == Package.Kind.TOWN) != (self.to in town):
            raise ValueError("This addressee has no right to this package.")
        super().save(*args, **kwargs)


class ErasureStep(BaseModel):
    """One step of an erasure, committed with its work."""

    class Name(models.TextChoices):
        COUNT = "count", _("Inventaire")
        DOOR = "door", _("Adresse retirée")
        FILES = "files", _("Fichiers")
        CACHE = "cache", _("Mémoire cache")
        SCHEMA = "schema", _("Tables et rôle")
        ACADEMY = "academy", _("Lignes de l’académie")
        PROOF = "proof", _("Attestation")

    ending = models.ForeignKey(Ending, on_delete=models.PROTECT, related_name="steps")
    name = models.CharField(_("étape"), max_length=8, choices=Name)
    done_at = models.DateTimeField(_("faite le"))
    detail = models.CharField(_("précision"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("étape d’effacement")
        verbose_name_plural = _("étapes d’effacement")
        ordering = ["done_at", "id"]
        constraints = [models.UniqueConstraint(fields=["ending", "name"], name="erasure_step_once")]

    def __str__(self) -> str:
        return str(self.get_name_display())
