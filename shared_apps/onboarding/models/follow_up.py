"""Following a case: the official address and the mandate it proves, tasks, notes; waves of communes done together."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from shared_apps.onboarding.querysets import (
    CaseTaskQuerySet,
    MandateQuerySet,
    OfWaveQuerySet,
    WaveItemQuerySet,
)


class OfficialAddress(BaseModel):
    """Where the town is known to answer: it alone says who represents it."""

    case = models.OneToOneField(
        "onboarding.Case", on_delete=models.CASCADE, related_name="official_address", verbose_name=_("dossier")
    )
    email = models.EmailField(_("adresse officielle"))
    source = models.CharField(_("d’où vient cette adresse"), max_length=120)
    recorded_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("saisie par")
    )

    class Meta:
        verbose_name = _("adresse officielle")
        verbose_name_plural = _("adresses officielles")

    def __str__(self) -> str:
        return self.email


class Mandate(BaseModel):
    """« Is this person our delegate? », asked at the official address by a link that serves once."""

    case = models.ForeignKey(
        "onboarding.Case", on_delete=models.CASCADE, related_name="mandates", verbose_name=_("dossier")
    )
    first_name = models.CharField(_("prénom"), max_length=100)
    last_name = models.CharField(_("nom"), max_length=100)
    email = models.EmailField(_("adresse électronique"), blank=True)
    sent_to = models.EmailField(_("demandé à"))
    asked_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("demandé par")
    )
    expires_at = models.DateTimeField(_("lien valable jusqu’au"))
    answered_at = models.DateTimeField(_("réponse du"), null=True, blank=True)
    answered_by = models.CharField(_("réponse de"), max_length=120, blank=True)
    is_confirmed = models.BooleanField(_("confirmé"), default=False)
    withdrawn_at = models.DateTimeField(_("remplacé le"), null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandat")
        verbose_name_plural = _("mandats")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(answered_at=None, withdrawn_at=None),
                name="one_mandate_asked_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(is_confirmed=False)
                | (models.Q(answered_at__isnull=False) & ~models.Q(answered_by="")),
                name="confirmed_mandate_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()

    def is_of(self, contact: Any) -> bool:
        """Another name or another address is another delegate."""
        mine = (self.first_name, self.last_name, self.email.lower())
        return mine == (contact.first_name, contact.last_name, contact.email.lower())


class CaseTask(BaseModel):
    """Something to do for a case before a day; made by the state it entered, or freely."""

    case = models.ForeignKey(
        "onboarding.Case", on_delete=models.CASCADE, related_name="tasks", verbose_name=_("dossier")
    )
    title = models.CharField(_("à faire"), max_length=160)
    due_on = models.DateField(_("avant le"))
    assignee = models.ForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="case_tasks",
        verbose_name=_("confiée à"),
    )
    template = models.CharField(_("modèle"), max_length=20, blank=True)  # a code of `journey_tasks`
    done_on = models.DateField(_("faite le"), null=True, blank=True)
    done_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("faite par")
    )
    reminded_on = models.DateField(_("rappelée le"), null=True, blank=True)

    objects = CaseTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("tâche du dossier")
        verbose_name_plural = _("tâches du dossier")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "template"], condition=~models.Q(template=""), name="a_template_makes_one_task"
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=models.Q(done_on=None), name="case_task_to_do")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_done(self) -> bool:
        return self.done_on is not None

    @property
    def is_overdue(self) -> bool:
        return not self.is_done and self.due_on < timezone.localdate()


class CaseNote(BaseModel):
    """What was said, dated, by whom. A pinned one stays in sight."""

    case = models.ForeignKey(
        "onboarding.Case", on_delete=models.CASCADE, related_name="notes", verbose_name=_("dossier")
    )
    text = models.TextField(_("note"), max_length=2000)
    author = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("écrite par")
    )
    is_pinned = models.BooleanField(_("épinglée"), default=False)

    class Meta:
        verbose_name = _("note du dossier")
        verbose_name_plural = _("notes du dossier")
        ordering = ["-is_pinned", "-created_at", "-id"]

    def __str__(self) -> str:
        return self.text[:60]


class Wave(BaseModel):
    """Communes that are taken on together, under a name."""

    name = models.CharField(_("nom"), max_length=80, unique=True)
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("formée par")
    )
    communes = models.ManyToManyField("reference.RefCommune", related_name="waves", verbose_name=_("communes"))

    objects = OfWaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("vague")
        verbose_name_plural = _("vagues")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name


class WaveAct(BaseModel):
    """One act on every commune of a wave, done by workers; it can be left, found again, stopped and resumed."""

    class State(models.TextChoices):
        RUNNING = "running", _("en cours")
        STOPPED = "stopped", _("arrêté")
        DONE = "done", _("terminé")

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="acts", verbose_name=_("vague"))
    kind = models.CharField(_("acte"), max_length=20)
    params = models.JSONField(_("réglages"), default=dict)
    state = models.CharField(_("état"), max_length=7, choices=State, default=State.RUNNING)
    asked_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("demandé par")
    )
    ended_at = models.DateTimeField(_("terminé le"), null=True, blank=True)

    objects = OfWaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("acte d’une vague")
        verbose_name_plural = _("actes d’une vague")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["wave"], condition=models.Q(state="running"), name="one_act_of_a_wave_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING


class WaveItem(BaseModel):
    """The act on one commune, with its reason when it was not done."""

    class State(models.TextChoices):
        WAITING = "waiting", _("en attente")
        RUNNING = "running", _("en cours")
        DONE = "done", _("fait")
        SKIPPED = "skipped", _("déjà fait")
        FAILED = "failed", _("refusé")

    act = models.ForeignKey(WaveAct, on_delete=models.CASCADE, related_name="items", verbose_name=_("acte"))
    commune = models.ForeignKey(
        "reference.RefCommune", on_delete=models.PROTECT, to_field="insee", related_name="+", verbose_name=_("commune")
    )
    state = models.CharField(_("état"), max_length=7, choices=State, default=State.WAITING)
    reason = models.CharField(_("raison"), max_length=300, blank=True)
    params = models.JSONField(_("réglages"), default=dict, db_default={})  # its own, added to those of the act
    started_at = models.DateTimeField(_("commencé"), null=True, blank=True)
    ended_at = models.DateTimeField(_("terminé"), null=True, blank=True)

    objects = WaveItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("commune d’un acte")
        verbose_name_plural = _("communes d’un acte")
        ordering = ["commune__sort_name", "id"]
        constraints = [models.UniqueConstraint(fields=["act", "commune"], name="a_commune_once_in_an_act")]

    def __str__(self) -> str:
        return f"{self.commune_id} · {self.get_state_display()}"


class CommuneList(BaseModel):
    """A list of communes given as a file: read, reviewed, then applied."""

    name = models.CharField(_("nom de la vague"), max_length=80, blank=True)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name=_("fichier"))
    given_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("déposée par")
    )
    applied_at = models.DateTimeField(_("appliquée le"), null=True, blank=True)
    wave = models.ForeignKey(
        Wave, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("vague")
    )

    class Meta:
        verbose_name = _("liste de communes")
        verbose_name_plural = _("listes de communes")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.file.name
