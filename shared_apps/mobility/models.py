from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from shared_apps.mobility.querysets import MovingStaffQuerySet, PostingQuerySet
from shared_apps.reference.models import RefSchool
from tenants.models import Commune


class MovingStaff(BaseModel):
    """Somebody of the académie who works in several communes. One identity here, an account in each of them."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="moving", verbose_name=_("compte")
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("ajouté par"),
    )

    objects = MovingStaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("personnel itinérant")
        verbose_name_plural = _("personnels itinérants")
        ordering = ["user__last_name", "user__first_name", "id"]

    def __str__(self) -> str:
        return str(self.user)


class Posting(BaseModel):
    """One school, one function, from a day to a day (excluded). The commune follows it: `synced_at`, `problem`."""

    class Role(models.TextChoices):
        BRIGADE = "brigade", _("brigade de remplacement")
        RASED = "rased", _("RASED")
        PSY_EN = "psy_en", _("psychologue de l’Éducation nationale")
        ERUN = "erun", _("ERUN")
        IEN = "ien", _("inspecteur de l’Éducation nationale (IEN)")

    class Problem(models.TextChoices):
        WAITING = "waiting", _("la commune est fermée : le compte attend")
        UNKNOWN = "unknown", _("l’école n’est pas dans l’espace de la commune")
        CONFLICT = "conflict", _("la personne y a déjà cette fonction")
        FAILED = "failed", _("la commune n’a pas répondu : nouvel essai cette nuit")

    staff = models.ForeignKey(
        MovingStaff, on_delete=models.CASCADE, related_name="postings", verbose_name=_("personne")
    )
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="+", verbose_name=_("commune"))
    school = models.ForeignKey(RefSchool, on_delete=models.PROTECT, related_name="+", verbose_name=_("école"))
    role = models.CharField(_("fonction"), max_length=10, choices=Role)
    starts_on = models.DateField(_("premier jour"))
    ends_on = models.DateField(_("jusqu’au, exclu"), null=True, blank=True)
    # The head said « n’intervient plus ici »: the académie may post again, nothing else opens it.
    released_on = models.DateField(_("terminé par l’école le"), null=True, blank=True)
    synced_at = models.DateTimeField(_("suivi par la commune le"), null=True, blank=True)
    problem = models.CharField(_("difficulté"), max_length=10, choices=Problem, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("affectation itinérante")
        verbose_name_plural = _("affectations itinérantes")
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="posting_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.school}"

    @property
    def last_day(self) -> date | None:
        """As people say it: the last day of work, included."""
        return self.ends_on - timedelta(days=1) if self.ends_on else None

    @property
    def never_began(self) -> bool:
        return self.starts_on == self.ends_on

    @property
    def is_over(self) -> bool:
        today = timezone.localdate()
        return self.released_on is not None or (self.ends_on is not None and self.ends_on <= today)

    @property
    def is_current(self) -> bool:
        return not self.is_over and self.starts_on <= timezone.localdate()
