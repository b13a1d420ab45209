from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from core.models import BaseModel
from tenant_apps.attendance.half_days import Half, HalfDay
from tenant_apps.attendance.querysets import AnnouncementQuerySet, MarkQuerySet, RollCallQuerySet
from tenant_apps.attendance.reasons import Reason, Status
from tenant_apps.people.models import Pupil
from tenant_apps.schools.models import SchoolClass


def _somebody(label: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=label,
    )


class RollCall(BaseModel):
    """The register of a class for a half-day. Without a row, the call is still to do."""

    class State(models.TextChoices):
        IN_PROGRESS = "in_progress", _("en cours")
        VALIDATED = "validated", _("fait")

    school_class = models.ForeignKey(
        SchoolClass,
        on_delete=models.PROTECT,
        related_name="roll_calls",
        db_index=False,  # the unique constraint begins with it
        verbose_name=_("classe"),
    )
    day = models.DateField(_("jour"))
    half = models.CharField(_("demi-journée"), max_length=2, choices=Half)
    state = models.CharField(_("état"), max_length=11, choices=State, default=State.IN_PROGRESS)
    validated_at = models.DateTimeField(_("validé le"), null=True, blank=True)
    validated_by = _somebody(_("validé par"))
    changed_by = _somebody(_("modifié par"))
    # What a tablet had read before it wrote: another number means that somebody wrote meanwhile.
    version = models.PositiveIntegerField(_("version"), default=1)
    # The last sending that was applied: the same one again changes nothing.
    last_key = models.UUIDField(_("dernier envoi"), null=True, blank=True)

    objects = RollCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("appel")
        verbose_name_plural = _("appels")
        ordering = ["-day", "-half", "id"]
        constraints = [
            models.UniqueConstraint(fields=["school_class", "day", "half"], name="one_roll_call_per_half_day"),
            models.CheckConstraint(condition=Q(half__in=["am", "pm"]), name="roll_call_half_is_known"),
            models.CheckConstraint(
                condition=Q(state="validated", validated_at__isnull=False) | Q(state="in_progress", validated_at=None),
                name="a_validated_roll_call_has_its_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_class} · {self.day:%d/%m/%Y} · {self.get_half_display()}"

    @property
    def is_validated(self) -> bool:
        return self.state == self.State.VALIDATED

    @property
    def half_day(self) -> HalfDay:
        return HalfDay(self.day, self.half)


class Mark(BaseModel):
    """A child who was not there, came late or left early. Present is the absence of a mark."""

    class Kind(models.TextChoices):
        ABSENT = "absent", _("absent")
        LATE = "late", _("en retard")
        LEFT = "left", _("parti avant la fin")

    roll_call = models.ForeignKey(
        RollCall, on_delete=models.CASCADE, related_name="marks", db_index=False, verbose_name=_("appel")
    )
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="marks", verbose_name=_("élève"))
    kind = models.CharField(_("présence"), max_length=6, choices=Kind)
    at = models.TimeField(_("heure"), null=True, blank=True)
    reason = models.CharField(_("motif"), max_length=15, choices=Reason, blank=True, default="")
    status = models.CharField(_("appréciation"), max_length=9, choices=Status, default=Status.UNEXCUSED)

    objects = MarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence ou retard")
        verbose_name_plural = _("absences et retards")
        ordering = ["-roll_call__day", "-roll_call__half", "id"]
        constraints = [
            models.UniqueConstraint(fields=["roll_call", "pupil"], name="one_mark_per_pupil_and_half_day"),
            models.CheckConstraint(
                condition=Q(kind="absent", at=None) | Q(kind__in=["late", "left"], at__isnull=False),
                name="an_absence_has_no_time_the_rest_has_one",
                violation_error_message=_("Un retard ou un départ porte son heure."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pupil} · {self.get_kind_display()}"

    @property
    def is_absence(self) -> bool:
        return self.kind == self.Kind.ABSENT


class Correction(BaseModel):
    """What was changed in a register after it was validated. Rows are added, never changed."""

    roll_call = models.ForeignKey(
        RollCall, on_delete=models.CASCADE, related_name="corrections", verbose_name=_("appel")
    )
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="+", verbose_name=_("élève"))
    actor = _somebody(_("corrigé par"))
    # Empty: present.
    before = models.CharField(_("avant"), max_length=6, choices=Mark.Kind, blank=True)
    before_at = models.TimeField(_("heure, avant"), null=True, blank=True)
    after = models.CharField(_("après"), max_length=6, choices=Mark.Kind, blank=True)
    after_at = models.TimeField(_("heure, après"), null=True, blank=True)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"{self.pupil} · {self.before or '–'} → {self.after or '–'}"


class Announcement(BaseModel):
    """An absence that a guardian declares, one row a child; those of one declaration share their `lot`."""

    lot = models.UUIDField(_("déclaration"), default=uuid7, db_index=True)  # its file hangs on it
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="announcements", verbose_name=_("élève"))
    declared_by = _somebody(_("déclarée par"))
    starts_on = models.DateField(_("du"))
    starts_half = models.CharField(_("à partir du"), max_length=2, choices=Half, default=Half.AM)
    ends_on = models.DateField(_("au"))
    ends_half = models.CharField(_("jusqu’au"), max_length=2, choices=Half, default=Half.PM)
    reason = models.CharField(_("motif"), max_length=15, choices=Reason)
    message = models.CharField(_("message"), max_length=500, blank=True)
    handled_at = models.DateTimeField(_("vue le"), null=True, blank=True)
    handled_by = _somebody(_("vue par"))
    withdrawn_at = models.DateTimeField(_("retirée le"), null=True, blank=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence annoncée")
        verbose_name_plural = _("absences annoncées")
        ordering = ["-starts_on", "-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lt=F("ends_on")) | Q(starts_on=F("ends_on"), starts_half__lte=F("ends_half")),
                name="an_announced_absence_ends_after_it_starts",
                violation_error_message=_("La fin de l’absence vient après son début."),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="an_announced_absence_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.pupil} · {self.starts_on:%d/%m/%Y}"

    @property
    def starts(self) -> HalfDay:
        return HalfDay(self.starts_on, self.starts_half)

    @property
    def ends(self) -> HalfDay:
        return HalfDay(self.ends_on, self.ends_half)

    def covers(self, half_day: HalfDay) -> bool:
        return self.starts <= half_day <= self.ends
