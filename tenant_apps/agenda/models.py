from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from core.words import moment
from tenant_apps.agenda.querysets import BookingQuerySet, EventQuerySet, LessonQuerySet, SlotQuerySet
from tenant_apps.agenda.recurrence import RULES
from tenant_apps.people.models import Pupil, PupilGroup
from tenant_apps.schools.models import School, SchoolClass
from tenant_apps.schools.weeks import DAYS


class Event(BaseModel):
    """A date of the commune (no school), of a school, or of a class or a group of pupils of it. Times are those of
    Europe/Paris.
    """

    class Kind(models.TextChoices):
        OUTING = "outing", _("sortie")
        MEETING = "meeting", _("réunion")
        PARTY = "party", _("fête")
        LESSON = "lesson", _("activité")
        MENU = "menu", _("cantine")
        WORKS = "works", _("travaux")
        STRIKE = "strike", _("grève")
        OTHER = "other", _("autre")

    class Repeats(models.TextChoices):
        NEVER = "never", _("une seule fois")
        DAILY = "daily", _("chaque jour de classe")
        WEEKLY = "weekly", _("chaque semaine")
        FORTNIGHTLY = "fortnightly", _("toutes les deux semaines")
        MONTHLY = "monthly", _("chaque mois")

    school = models.ForeignKey(
        School, on_delete=models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("école")
    )
    school_class = models.ForeignKey(
        SchoolClass, on_delete=models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("classe")
    )
    group = models.ForeignKey(
        PupilGroup,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("groupe d’élèves"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("écrit par"),
    )
    kind = models.CharField(_("sujet"), max_length=8, choices=Kind, default=Kind.OTHER)
    title = models.CharField(_("titre"), max_length=120)
    place = models.CharField(_("lieu"), max_length=120, blank=True)
    details = models.TextField(_("précisions"), max_length=1000, blank=True)
    starts_on = models.DateField(_("jour"))
    ends_on = models.DateField(_("dernier jour"))
    begins_at = models.TimeField(_("de"), null=True, blank=True)
    ends_at = models.TimeField(_("à"), null=True, blank=True)
    repeats = models.CharField(_("se répète"), max_length=11, choices=Repeats, default=Repeats.NEVER)
    until = models.DateField(_("jusqu’au"), null=True, blank=True)
    told_at = models.DateTimeField(_("familles prévenues le"), null=True, blank=True, editable=False)

    # What readers see of it, and what the next notice is about.
    SEEN = (
        *("school_id", "school_class_id", "group_id", "kind", "title", "place", "details"),
        *("starts_on", "ends_on", "begins_at", "ends_at", "repeats", "until"),
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("date de l’agenda")
        verbose_name_plural = _("dates de l’agenda")
        ordering = ["starts_on", "begins_at", "id"]
        indexes = [models.Index(fields=["starts_on"], name="event_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(school_class=None) | Q(school__isnull=False),
                name="a_class_event_names_its_school",
            ),
            models.CheckConstraint(
                condition=Q(group=None) | Q(school__isnull=False, school_class=None),
                name="a_group_event_names_its_school_and_no_class",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="event_ends_after_it_starts",
                violation_error_message=_("Le dernier jour vient après le premier."),
            ),
            models.CheckConstraint(
                condition=Q(begins_at=None, ends_at=None)
                | Q(begins_at__isnull=False, ends_at=None)
                | Q(begins_at__isnull=False, ends_at__gt=F("begins_at"), ends_on=F("starts_on"))
                | Q(begins_at__isnull=False, ends_at__isnull=False, ends_on__gt=F("starts_on")),
                name="event_hours_are_in_order",
                violation_error_message=_("L’heure de fin vient après l’heure de début."),
            ),
            models.CheckConstraint(
                condition=Q(repeats="never", until=None)
                | (~Q(repeats="never") & Q(until__gte=F("starts_on"), ends_on=F("starts_on"))),
                name="what_repeats_lasts_a_day_and_has_an_end",
                violation_error_message=_("Ce qui se répète tient en un jour, et a une date de fin."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("agenda:event", args=[self.pk])

    @property
    def is_repeated(self) -> bool:
        return self.repeats != self.Repeats.NEVER

    @property
    def last_day(self) -> date:
        return self.until or self.ends_on

    @property
    def rrule(self) -> str:
        """RFC 5545, or nothing."""
        return f"{RULES[self.repeats]};UNTIL={self.until:%Y%m%d}" if self.is_repeated else ""

    @property
    def place_id(self) -> Any:
        """Of whom it is: a class, a group, a school; None for the commune."""
        return self.school_class_id or self.group_id or self.school_id

    @property
    def reach(self) -> str:
        """« CE2 », « Chorale », « École Lakanal », « Toute la commune »."""
        return str(self.school_class or self.group or self.school or _("Toute la commune"))


class Lesson(BaseModel):
    """An hour of the week of a class."""

    school_class = models.ForeignKey(
        SchoolClass, on_delete=models.CASCADE, db_index=False, related_name="lessons", verbose_name=_("classe")
    )
    weekday = models.PositiveSmallIntegerField(_("jour"), choices=[(int(day), label) for day, label in DAYS.items()])
    begins_at = models.TimeField(_("de"))
    ends_at = models.TimeField(_("à"))
    label = models.CharField(_("matière"), max_length=60)

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = _("heure de classe")
        verbose_name_plural = _("heures de classe")
        ordering = ["weekday", "begins_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["school_class", "weekday", "begins_at"],
                name="one_lesson_begins_at_a_time",
                violation_error_message=_("Un cours commence déjà à cette heure."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")),
                name="lesson_ends_after_it_begins",
                violation_error_message=_("L’heure de fin vient après l’heure de début."),
            ),
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=6), name="lesson_is_on_a_weekday"),
        ]

    def __str__(self) -> str:
        return self.label


class Feed(BaseModel):
    """The private address by which one's own agenda is read elsewhere: kept as a digest, gone when revoked."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("compte")
    )
    digest = models.CharField(_("empreinte"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("lien d’agenda")
        verbose_name_plural = _("liens d’agenda")

    def __str__(self) -> str:
        return str(self.user_id)


class AppointmentSlot(BaseModel):
    """A moment that a teacher, or the head, keeps for the families of a class."""

    host = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("reçoit"),
    )
    school_class = models.ForeignKey(
        SchoolClass, on_delete=models.PROTECT, related_name="appointment_slots", verbose_name=_("classe")
    )
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    place = models.CharField(_("lieu"), max_length=120, blank=True)
    video_url = models.URLField(_("lien de la visioconférence"), blank=True)
    closed_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("créneau")
        verbose_name_plural = _("créneaux")
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["host", "starts_at"], condition=Q(closed_at=None), name="one_open_slot_begins_at_a_time"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return moment(self.starts_at)

    @property
    def where(self) -> str:
        return self.place or (str(_("par visioconférence")) if self.video_url else "")


class Booking(BaseModel):
    """A slot taken by a guardian for a child; kept once cancelled, with the word that was said."""

    slot = models.ForeignKey(
        AppointmentSlot, on_delete=models.CASCADE, db_index=False, related_name="bookings", verbose_name=_("créneau")
    )
    guardian = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("responsable")
    )
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="+", verbose_name=_("élève"))
    cancelled_at = models.DateTimeField(_("annulé le"), null=True, blank=True)
    cancelled_by_host = models.BooleanField(_("annulé par l’école"), default=False)
    word = models.CharField(_("un mot"), max_length=300, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("rendez-vous")
        verbose_name_plural = _("rendez-vous")
        ordering = ["slot__starts_at", "id"]
        constraints = [
            # Two guardians at the same second: one of them is told.
            models.UniqueConstraint(fields=["slot"], condition=Q(cancelled_at=None), name="a_slot_is_booked_once"),
        ]

    def __str__(self) -> str:
        return str(self.slot)
