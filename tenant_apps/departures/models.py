from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from tenant_apps.departures.querysets import ArchiveQuerySet, DepartureQuerySet
from tenant_apps.people.models import Person
from tenant_apps.schools.models import School

# An end recorded long after it happened: nobody is erased before having been told for this long.
NOTICE = timedelta(days=14)


class Departure(BaseModel):
    """A person with no right left, until a right opens again or the person is erased."""

    class Kind(models.TextChoices):
        PUPIL = "pupil", _("élève")
        STAFF = "staff", _("personnel")
        GUARDIAN = "guardian", _("responsable")

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, related_name="departure", verbose_name=_("personne")
    )
    kind = models.CharField(_("profil"), max_length=8, choices=Kind)
    school = models.ForeignKey(
        School, on_delete=models.SET_NULL, null=True, related_name="departures", verbose_name=_("dernière école")
    )
    since = models.DateField(_("sans droit depuis le"))  # the first day, of Paris
    first_told_on = models.DateField(_("prévenu le"))
    # The day of `ENT_DEPARTURE_WARNINGS` last told; -1 before the first.
    last_warning = models.SmallIntegerField(_("dernier avertissement"), default=-1)

    objects = DepartureQuerySet.as_manager()

    class Meta:
        verbose_name = _("départ")
        verbose_name_plural = _("départs")
        ordering = ["since", "id"]

    def __str__(self) -> str:
        return f"{self.person} · {self.since}"

    @property
    def erased_on(self) -> date:
        """Calendar days: neither the change of hour nor 29 February shifts it."""
        return max(self.since + timedelta(days=settings.ENT_ERASURE_DAY), self.first_told_on + NOTICE)

    @property
    def days_left(self) -> int:
        return max((self.erased_on - timezone.localdate()).days, 0)

    @property
    def day_number(self) -> int:
        return (timezone.localdate() - self.since).days


class Archive(BaseModel):
    """A ZIP of one pupil's work, asked for by an adult with the parental authority or by the pupil."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="archives", verbose_name=_("élève"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="archives", verbose_name=_("demandée par")
    )
    file_id = models.UUIDField(_("fichier"), null=True, blank=True)
    expires_at = models.DateTimeField(_("à télécharger avant le"), null=True, blank=True)
    downloaded_at = models.DateTimeField(_("téléchargée le"), null=True, blank=True)

    objects = ArchiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("archive")
        verbose_name_plural = _("archives")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "requested_by"], name="one_archive_per_child_and_adult")
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.created_at:%Y-%m-%d}"

    @property
    def is_ready(self) -> bool:
        return self.file_id is not None and self.expires_at is not None and self.expires_at > timezone.now()

    @property
    def is_coming(self) -> bool:
        return self.file_id is None and self.expires_at is None
