from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from tenant_apps.people.editions import FrozenEdition
from tenant_apps.people.models import Pupil
from tenant_apps.report_cards.domains import DOMAINS, domains_of
from tenant_apps.report_cards.querysets import EditionQuerySet, ReportCardQuerySet, ReportPeriodQuerySet
from tenant_apps.schools.models import Grade, School, SchoolClass, SchoolYear


class ReportPeriod(BaseModel):
    """A trimester, or what the school cuts its year into; teachers write while it is open."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="report_periods", verbose_name=_("école"))
    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="+", verbose_name=_("année scolaire"))
    label = models.CharField(_("nom"), max_length=60)  # « 1er trimestre »
    starts_on = models.DateField(_("du"))
    ends_on = models.DateField(_("au"))
    is_open = models.BooleanField(_("ouverte"), default=True)
    needs_each_guardian = models.BooleanField(_("chaque responsable doit signer"), default=False)

    objects = ReportPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("période du livret")
        verbose_name_plural = _("périodes du livret")
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["school", "year", "label"], name="report_period_label_is_unique"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=models.F("starts_on")),
                name="report_period_ends_after_it_starts",
                violation_error_message=_("La période finit après son début."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class ReportCard(BaseModel):
    """What a pupil's teachers say of one period. Validated, it no longer changes: families read its editions."""

    period = models.ForeignKey(
        ReportPeriod, on_delete=models.PROTECT, related_name="reports", verbose_name=_("période")
    )
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="report_cards", verbose_name=_("élève"))
    school_class = models.ForeignKey(
        SchoolClass, on_delete=models.PROTECT, related_name="report_cards", verbose_name=_("classe")
    )
    grade = models.CharField(_("niveau"), max_length=3, choices=Grade)
    appreciation = models.TextField(_("appréciation générale"), max_length=2000, blank=True)
    version = models.PositiveIntegerField(_("version"), default=0)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("modifié par")
    )
    # Why the head opened it again; families read it beside the version that follows.
    reopened_for = models.CharField(_("motif de la réouverture"), max_length=300, blank=True, db_default="")
    validated_at = models.DateTimeField(_("validé le"), null=True, blank=True)
    validated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("validé par"),
    )

    objects = ReportCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("livret scolaire")
        verbose_name_plural = _("livrets scolaires")
        ordering = ["period", "id"]
        constraints = [models.UniqueConstraint(fields=["period", "pupil"], name="one_report_per_pupil_and_period")]

    def __str__(self) -> str:
        return f"{self.pupil} · {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("report_cards:report", args=[self.pk])

    @property
    def is_validated(self) -> bool:
        return self.validated_at is not None

    @property
    def is_begun(self) -> bool:
        return not self._state.adding

    @property
    def is_reopened(self) -> bool:
        return self.is_begun and bool(self.reopened_for) and not self.is_validated

    @property
    def by_domain(self) -> dict[str, "DomainResult"]:
        return {result.domain: result for result in self.results.all()} if self.is_begun else {}

    @property
    def lines(self) -> list["DomainResult"]:
        """What is said in each domain of the pupil's cycle."""
        found = self.by_domain
        return [found.get(code, DomainResult(domain=code)) for code in domains_of(self.grade)]

    @property
    def is_complete(self) -> bool:
        """A position in each domain: the appreciations are optional in primary schools."""
        return all(result.position for result in self.lines)


class DomainResult(BaseModel):
    """A pupil's position in a domain, what was worked on, what the teacher says of it."""

    class Position(models.IntegerChoices):
        NOT_MET = 1, _("non atteints")
        PARTLY_MET = 2, _("partiellement atteints")
        MET = 3, _("atteints")
        EXCEEDED = 4, _("dépassés")

    report = models.ForeignKey(ReportCard, on_delete=models.CASCADE, related_name="results", verbose_name=_("livret"))
    domain = models.CharField(_("domaine"), max_length=20, choices=list(DOMAINS.items()))
    position = models.PositiveSmallIntegerField(_("objectifs"), choices=Position, null=True, blank=True)
    # By sub-domain of the programme (`subdomains.json`), where a position is said.
    parts = models.JSONField(_("par sous-domaine"), default=dict, blank=True, db_default={})
    elements = models.CharField(_("éléments du programme travaillés"), max_length=500, blank=True)
    appreciation = models.CharField(_("appréciation"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("résultat dans un domaine")
        verbose_name_plural = _("résultats dans un domaine")
        constraints = [
            models.UniqueConstraint(fields=["report", "domain"], name="one_result_per_domain"),
            models.CheckConstraint(
                condition=Q(position=None) | Q(position__in=[1, 2, 3, 4]), name="position_is_one_of_four"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} · {self.get_domain_display()}"


class Edition(FrozenEdition):
    """A report as the head validated it: what families read and sign. The role of a commune may not UPDATE it.

    Its content is what `contents.content_of` says.
    """

    report = models.ForeignKey(ReportCard, on_delete=models.CASCADE, related_name="editions", verbose_name=_("livret"))

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version validée d’un livret")
        verbose_name_plural = _("versions validées des livrets")
        ordering = ["report", "-number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="one_edition_per_number")]

    def __str__(self) -> str:
        return f"{self.report} · {self.number}"

    def get_absolute_url(self) -> str:
        return f"{self.report.get_absolute_url()}?version={self.number}"

    @property
    def pupil_id(self) -> Any:
        return self.report.pupil_id
