from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from tenant_apps.imports.querysets import ImportLineQuerySet, ImportPlanQuerySet
from tenant_apps.schools.models import School


class ImportPlan(BaseModel):
    """What a file would change in a school: read first, applied by a person afterwards, kept as the proof.

    The file itself is not kept: its digest and its name are.
    """

    class Kind(models.TextChoices):
        ONDE_PUPILS = "onde_pupils", _("élèves (ONDE)")
        ONDE_GUARDIANS = "onde_guardians", _("responsables (ONDE)")
        TEACHERS = "teachers", _("enseignants")
        TOWN_STAFF = "town_staff", _("agents de la commune")
        AAF = "aaf", _("annuaire académique (AAF)")

    class State(models.TextChoices):
        READY = "ready", _("à vérifier")
        RUNNING = "running", _("en cours d’enregistrement")
        APPLIED = "applied", _("appliqué")
        CANCELLED = "cancelled", _("annulé")

    kind = models.CharField(_("type"), max_length=16, choices=Kind)
    # None: the town's staff, whom no school holds.
    school = models.ForeignKey(
        School, on_delete=models.CASCADE, null=True, blank=True, related_name="imports", verbose_name=_("école")
    )
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.READY)
    file_name = models.CharField(_("fichier"), max_length=200)
    sha256 = models.CharField(max_length=64)
    # The school as it was compared: an import since then makes the plan stale.
    fingerprint = models.CharField(max_length=64)
    # How many lines of each sort: stays when the lines are forgotten.
    counts = models.JSONField(_("lignes par sort"), default=dict)
    # Headers that nobody read: seen by the person, and by whoever edits the layouts.
    unread_columns = models.JSONField(_("colonnes non lues"), default=list, db_default=[])
    # None: fed by the académie.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,  # nobody: the platform itself
        blank=True,
        related_name="+",
        verbose_name=_("déposé par"),
    )
    started_at = models.DateTimeField(_("lancé le"), null=True, blank=True)
    # Why a worker could not write it, for the person who asked.
    problem = models.CharField(_("empêchement"), max_length=300, blank=True, default="", db_default="")
    applied_at = models.DateTimeField(_("appliqué le"), null=True, blank=True)

    objects = ImportPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.file_name}"

    def get_absolute_url(self) -> str:
        return reverse("imports:review", args=[self.pk])

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def is_of_pupils(self) -> bool:
        return self.kind in (self.Kind.ONDE_PUPILS, self.Kind.AAF)

    @property
    def is_of_staff(self) -> bool:
        return self.kind in (self.Kind.TEACHERS, self.Kind.TOWN_STAFF)

    @property
    def depositor(self) -> str:
        return str(self.created_by) if self.created_by else gettext("l’académie")

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def is_open(self) -> bool:
        """Something of it may still be written."""
        return self.is_ready or self.is_running


class ImportLine(BaseModel):
    """One line of the file, or one person the file doesn't mention (`number` is then empty)."""

    class Status(models.TextChoices):
        TO_DECIDE = "to_decide", _("à décider")
        CREATED = "created", _("à créer")
        UPDATED = "updated", _("à modifier")
        UNCHANGED = "unchanged", _("inchangé")
        REJECTED = "rejected", _("refusé")
        LEFT = "left", _("absent du fichier, conservé")

    class Decision(models.TextChoices):
        SAME = "same", _("C’est la même personne")
        NEW = "new", _("Ce sont deux personnes")
        WAIT = "wait", _("Je ne sais pas encore")
        GONE = "gone", _("A quitté l’école")  # of a line that the file doesn't mention

    plan = models.ForeignKey(ImportPlan, on_delete=models.CASCADE, related_name="lines", verbose_name=_("import"))
    number = models.PositiveIntegerField(_("ligne"), null=True, blank=True)
    status = models.CharField(_("sort"), max_length=10, choices=Status)
    name = models.CharField(_("nom"), max_length=210, blank=True)
    column = models.CharField(_("colonne"), max_length=60, blank=True)
    reason = models.CharField(_("motif"), max_length=300, blank=True)
    data = models.JSONField(_("valeurs lues"), default=dict)
    changes = models.JSONField(_("changements"), default=dict)  # field -> [before, after]
    match_id = models.UUIDField(_("personne reconnue"), null=True, blank=True)
    decision = models.CharField(_("décision"), max_length=4, choices=Decision, blank=True)
    is_applied = models.BooleanField(_("enregistrée"), default=False)

    objects = ImportLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("ligne d’import")
        verbose_name_plural = _("lignes d’import")
        ordering = ["number", "name", "id"]

    def __str__(self) -> str:
        return f"{self.number or '–'} · {self.name}"

    @property
    def kind(self) -> str:
        """The académie's directory brings pupils, guardians and teachers in one plan."""
        return self.data.get("kind") or self.plan.kind

    @property
    def is_undecided(self) -> bool:
        return self.status == self.Status.TO_DECIDE and self.decision in ("", self.Decision.WAIT)

    @property
    def may_be_new(self) -> bool:
        """One INE, one child: where the INE is what is asked about, there is nobody to create."""
        return self.column != "INE"
