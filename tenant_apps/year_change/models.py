from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from tenant_apps.people.models import Person, Pupil
from tenant_apps.schools.models import Grade, School, SchoolClass, SchoolYear
from tenant_apps.year_change.querysets import PlacementQuerySet, YearDraftQuerySet


class YearDraft(BaseModel):
    """What a school prepares for its next year. Apart from classes and enrolments until the first day of that year."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="year_drafts", verbose_name=_("école"))
    year = models.ForeignKey(
        SchoolYear, on_delete=models.PROTECT, related_name="drafts", verbose_name=_("année scolaire")
    )
    is_shared = models.BooleanField(_("montré aux enseignants"), default=False)
    # Families read their child's class from then on; empty while nothing is decided.
    publishes_at = models.DateTimeField(_("montré aux familles le"), null=True, blank=True)
    applied_at = models.DateTimeField(_("en vigueur depuis le"), null=True, blank=True)
    # The last move, to be undone: [[placement, class or null, leaves, destination or null], …]. Ids only.
    last_move = models.JSONField(_("dernier déplacement"), default=list)

    objects = YearDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("préparation d’une année")
        verbose_name_plural = _("préparations d’années")
        ordering = ["year", "school", "id"]
        constraints = [models.UniqueConstraint(fields=["school", "year"], name="one_draft_of_a_year_per_school")]

    def __str__(self) -> str:
        return f"{self.school} · {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("year_change:board", args=[self.pk])

    @property
    def is_published(self) -> bool:
        return self.publishes_at is not None and self.publishes_at <= timezone.now()

    @property
    def is_scheduled(self) -> bool:
        return self.publishes_at is not None and self.publishes_at > timezone.now()

    @property
    def is_open(self) -> bool:
        """While it may still be changed."""
        return self.applied_at is None


class DraftClass(BaseModel):
    """A class planned for next year."""

    draft = models.ForeignKey(YearDraft, on_delete=models.CASCADE, related_name="classes", verbose_name=_("année"))
    label = models.CharField(_("libellé"), max_length=100)
    grades = models.JSONField(_("niveaux"), default=list)
    staff = models.ManyToManyField(Person, related_name="+", blank=True, verbose_name=_("enseignants"))
    source = models.ForeignKey(
        SchoolClass, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("reprend")
    )

    class Meta:
        verbose_name = _("classe préparée")
        verbose_name_plural = _("classes préparées")
        ordering = ["label", "id"]
        constraints = [models.UniqueConstraint(fields=["draft", "label"], name="draft_class_label_is_unique")]

    def __str__(self) -> str:
        return self.label

    @property
    def grade_words(self) -> str:
        return "-".join(grade for grade in Grade.values if grade in self.grades)


class Placement(BaseModel):
    """Where one pupil goes next year: a class, out of the school, or not said yet."""

    draft = models.ForeignKey(YearDraft, on_delete=models.CASCADE, related_name="placements", verbose_name=_("année"))
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="placements", verbose_name=_("élève"))
    grade = models.CharField(_("niveau l’an prochain"), max_length=3, choices=Grade, blank=True)
    draft_class = models.ForeignKey(
        DraftClass,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="placements",
        verbose_name=_("classe préparée"),
    )
    leaves = models.BooleanField(_("quitte l’école"), default=False)
    destination = models.ForeignKey(
        School, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("vers l’école")
    )

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("affectation d’un élève")
        verbose_name_plural = _("affectations d’élèves")
        ordering = ["pupil__person__sort_name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "pupil"], name="a_pupil_is_placed_once"),
            models.CheckConstraint(
                condition=Q(leaves=False) | Q(draft_class=None), name="who_leaves_has_no_class_next_year"
            ),
            models.CheckConstraint(
                condition=Q(leaves=True) | Q(destination=None), name="who_stays_goes_to_no_other_school"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pupil} · {self.draft_class or ''}"

    @property
    def position(self) -> list[Any]:
        """As `last_move` keeps it."""
        where = str(self.draft_class_id) if self.draft_class_id else None
        goes = str(self.destination_id) if self.destination_id else None
        return [str(self.pk), where, self.leaves, goes]
