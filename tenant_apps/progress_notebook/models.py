from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from core.models import BaseModel
from tenant_apps.people.editions import FrozenEdition
from tenant_apps.people.models import Pupil
from tenant_apps.progress_notebook.domains import DOMAINS, GRADES, LAST_GRADE, LINES, SHORT
from tenant_apps.progress_notebook.querysets import (
    EditionQuerySet,
    NotebookQuerySet,
    ObservationQuerySet,
    PeriodQuerySet,
)
from tenant_apps.schools.models import Grade, School, SchoolClass, SchoolYear


class Observation(BaseModel):
    """Something a child succeeds in, as the teacher saw it one day. What several children did is one row each."""

    pupil = models.ForeignKey(
        Pupil, on_delete=models.CASCADE, related_name="observations", db_index=False, verbose_name=_("élève")
    )
    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, related_name="+", verbose_name=_("classe"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("noté par")
    )
    domain = models.CharField(_("domaine"), max_length=10, choices=list(DOMAINS.items()))
    milestone = models.CharField(_("ce que l’enfant réussit"), max_length=150, blank=True)
    words = models.TextField(_("quelques mots"), max_length=1000, blank=True)
    seen_on = models.DateField(_("vu le"))
    # What was noted in one gesture, for it to be undone in one.
    lot = models.UUIDField(_("geste"), default=uuid7)
    # Told by the row, so that a list knows it: the files are of `attachments`.
    has_photo = models.BooleanField(_("avec une photo"), default=False)
    has_sound = models.BooleanField(_("avec un son"), default=False)
    shared_at = models.DateTimeField(_("montré à la famille le"), null=True, blank=True)
    removed_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["-seen_on", "-id"]
        indexes = [
            models.Index(fields=["pupil", "seen_on"], name="observation_of_a_pupil"),
            models.Index(fields=["lot"], name="observation_lot"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(domain__in=list(DOMAINS)), name="observation_domain_is_one_of_five"),
            models.CheckConstraint(
                condition=~Q(milestone="") | ~Q(words="") | Q(has_photo=True) | Q(has_sound=True),
                name="observation_says_something",
                violation_error_message=_("Écrivez quelques mots, ou ajoutez une photo ou un son."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pupil} · {self.seen_on:%d/%m/%Y}"

    @property
    def title(self) -> str:
        return self.milestone or str(self.short_domain)

    @property
    def short_domain(self) -> Any:
        return SHORT[self.domain]

    @property
    def is_shared(self) -> bool:
        return self.shared_at is not None

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None


class Period(BaseModel):
    """What the school cuts its year into for the families of cycle 1: two notebooks at least (programme of 2015), and
    for the pupils who leave nursery school the summary of the arrêté du 31 décembre 2015.
    """

    class Kind(models.TextChoices):
        NOTEBOOK = "notebook", _("carnet de suivi")
        SUMMARY = "summary", _("synthèse de fin de maternelle")

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+", verbose_name=_("école"))
    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="+", verbose_name=_("année scolaire"))
    kind = models.CharField(_("ce que les familles reçoivent"), max_length=8, choices=Kind, default=Kind.NOTEBOOK)
    label = models.CharField(_("nom"), max_length=60)  # « Premier semestre »
    starts_on = models.DateField(_("du"))
    ends_on = models.DateField(_("au"))
    is_open = models.BooleanField(_("ouverte"), default=True)
    needs_each_guardian = models.BooleanField(_("chaque responsable doit signer"), default=False)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("période du carnet de suivi")
        verbose_name_plural = _("périodes du carnet de suivi")
        ordering = ["starts_on", "kind", "id"]
        constraints = [
            models.UniqueConstraint(fields=["school", "year", "label"], name="notebook_period_label_is_unique"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=models.F("starts_on")),
                name="notebook_period_ends_after_it_starts",
                violation_error_message=_("La période finit après son début."),
            ),
            models.CheckConstraint(condition=Q(kind__in=["notebook", "summary"]), name="notebook_period_kind"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_summary(self) -> bool:
        return self.kind == self.Kind.SUMMARY

    def grades(self) -> tuple[str, ...]:
        """Whose pupils have one."""
        return (LAST_GRADE,) if self.is_summary else GRADES


class Notebook(BaseModel):
    """What a family is given of one period. Validated, it no longer changes: families read its editions."""

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="notebooks", verbose_name=_("période"))
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="notebooks", verbose_name=_("élève"))
    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, related_name="+", verbose_name=_("classe"))
    grade = models.CharField(_("niveau"), max_length=3, choices=Grade)
    appreciation = models.TextField(_("mot de l’enseignant"), max_length=2000, blank=True)
    # Of the summary: by domain, strong points and needs; by code of `TOGETHER`, what was observed.
    points = models.JSONField(_("points forts et besoins"), default=dict, blank=True)
    version = models.PositiveIntegerField(_("version"), default=0)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("modifié par")
    )
    # Why the head opened it again; families read it beside the version that follows.
    reopened_for = models.CharField(_("motif de la réouverture"), max_length=300, blank=True)
    validated_at = models.DateTimeField(_("validé le"), null=True, blank=True)

    objects = NotebookQuerySet.as_manager()

    class Meta:
        verbose_name = _("carnet de suivi")
        verbose_name_plural = _("carnets de suivi")
        ordering = ["period", "id"]
        constraints = [models.UniqueConstraint(fields=["period", "pupil"], name="one_notebook_per_pupil_and_period")]

    def __str__(self) -> str:
        return f"{self.pupil} · {self.period}"

    def get_absolute_url(self) -> str:
        """Where its teacher writes it."""
        return reverse("progress_notebook:notebook", args=[self.school_class_id, self.period_id, self.pupil_id])

    @property
    def is_validated(self) -> bool:
        return self.validated_at is not None

    @property
    def is_begun(self) -> bool:
        return not self._state.adding

    @property
    def is_reopened(self) -> bool:
        return bool(self.reopened_for) and not self.is_validated

    @property
    def positions(self) -> dict[str, int]:
        """Of the summary, by line."""
        return {one.line: one.position for one in self.acquisitions.all()} if self.is_begun else {}


class Acquisition(BaseModel):
    """Where a pupil stands on a line of the summary, in the words of the arrêté."""

    class Position(models.IntegerChoices):
        NOT_YET = 1, _("ne réussit pas encore")
        ON_THE_WAY = 2, _("est en voie de réussite")
        OFTEN = 3, _("réussit souvent")

    notebook = models.ForeignKey(
        Notebook, on_delete=models.CASCADE, related_name="acquisitions", db_index=False, verbose_name=_("synthèse")
    )
    line = models.CharField(_("acquis"), max_length=13, choices=list(LINES.items()))
    position = models.PositiveSmallIntegerField(_("réussite"), choices=Position)

    class Meta:
        verbose_name = _("acquis de fin de maternelle")
        verbose_name_plural = _("acquis de fin de maternelle")
        constraints = [
            models.UniqueConstraint(fields=["notebook", "line"], name="one_position_per_line"),
            models.CheckConstraint(condition=Q(position__in=[1, 2, 3]), name="acquisition_is_one_of_three"),
            models.CheckConstraint(condition=Q(line__in=list(LINES)), name="acquisition_line_is_of_the_arrete"),
        ]

    def __str__(self) -> str:
        return f"{self.notebook} · {self.get_line_display()}"


class Edition(FrozenEdition):
    """A notebook as the head validated it: what families read and sign. The role of a commune may not UPDATE it.

    Its content is what `contents.content_of` says.
    """

    notebook = models.ForeignKey(
        Notebook, on_delete=models.CASCADE, related_name="editions", db_index=False, verbose_name=_("carnet")
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version validée d’un carnet")
        verbose_name_plural = _("versions validées des carnets")
        ordering = ["notebook", "-number"]
        constraints = [models.UniqueConstraint(fields=["notebook", "number"], name="one_notebook_edition_per_number")]

    def __str__(self) -> str:
        return f"{self.notebook} · {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("progress_notebook:edition", args=[self.pk])

    @property
    def pupil_id(self) -> Any:
        return self.notebook.pupil_id
