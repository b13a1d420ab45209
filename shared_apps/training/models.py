from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from core.words import clock, figure
from shared_apps.reference.models import District, RefSchool
from shared_apps.training.querysets import RegistrationQuerySet, SessionQuerySet, TrainingQuerySet


class Training(BaseModel):
    """A line of the catalogue: what is taught, to whom, in how many hours. Sessions are its dates."""

    class Level(models.TextChoices):
        INITIATION = "initiation", _("initiation")
        FURTHER = "further", _("perfectionnement")
        EXPERT = "expert", _("approfondissement")

    title = models.CharField(_("titre"), max_length=120)
    level = models.CharField(_("niveau"), max_length=10, choices=Level, default=Level.INITIATION)
    audience = models.CharField(_("pour qui"), max_length=120)
    hours = models.DecimalField(
        _("durée en heures"),
        max_digits=4,
        decimal_places=1,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )
    objectives = models.TextField(_("objectifs"), max_length=2000)
    is_offered = models.BooleanField(_("proposée"), default=True)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("formation")
        verbose_name_plural = _("formations")
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "level"],
                name="training_title_once_a_level",
                violation_error_message=_("Une formation de ce titre et de ce niveau existe déjà."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def hours_in_words(self) -> str:
        return f"{figure(self.hours)} h"


class Session(BaseModel):
    """One date of a training, in a place or by video, for a circonscription or for the whole académie."""

    class State(models.TextChoices):
        OPEN = "open", _("inscriptions ouvertes")
        CLOSED = "closed", _("inscriptions closes")
        DONE = "done", _("tenue")
        CANCELLED = "cancelled", _("annulée")

    class Half(models.TextChoices):
        MORNING = "morning", _("matin")
        AFTERNOON = "afternoon", _("après-midi")
        DAY = "day", _("journée")

    training = models.ForeignKey(
        Training, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("formation")
    )
    district = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        to_field="uai",
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("circonscription"),
    )
    day = models.DateField(_("jour"))
    half = models.CharField(_("demi-journée"), max_length=9, choices=Half, default=Half.AFTERNOON)
    starts_at = models.TimeField(_("début"))
    ends_at = models.TimeField(_("fin"))
    place = models.CharField(_("lieu"), max_length=120, blank=True)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    room = models.CharField(_("salle"), max_length=80, blank=True)
    video_url = models.URLField(_("lien de visioconférence"), blank=True)
    trainer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("formateur"),
    )
    seats = models.PositiveSmallIntegerField(
        _("places"), default=20, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    closes_on = models.DateField(_("inscription jusqu’au"))
    state = models.CharField(_("état"), max_length=9, choices=State, default=State.OPEN)
    # Those who come without having registered may do it on the day, from their commune.
    accepts_on_site = models.BooleanField(_("inscription possible sur place, le jour même"), default=True)
    cancel_reason = models.CharField(_("motif de l’annulation"), max_length=200, blank=True)
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)  # RFC 5545: each change of the event

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session de formation")
        verbose_name_plural = _("sessions de formation")
        ordering = ["day", "starts_at", "id"]
        indexes = [models.Index(fields=["day", "starts_at"], name="training_session_day")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(place="") | ~Q(video_url=""),
                name="session_is_somewhere",
                violation_error_message=_("Indiquez un lieu, ou un lien de visioconférence."),
            ),
            models.CheckConstraint(
                condition=Q(closes_on__lte=F("day")),
                name="session_closes_before_its_day",
                violation_error_message=_("Les inscriptions se terminent au plus tard le jour de la session."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_it_starts",
                violation_error_message=_("La fin vient après le début."),
            ),
            models.CheckConstraint(condition=Q(seats__gte=1), name="session_has_a_seat"),
        ]

    def __str__(self) -> str:
        return f"{self.training} · {self.day}"

    def get_absolute_url(self) -> str:
        return reverse("training:session", args=[self.pk])

    @property
    def starts(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.day, self.starts_at))

    @property
    def ends(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.day, self.ends_at))

    @property
    def hours_of_day(self) -> str:
        return _("de %(start)s à %(end)s") % {"start": clock(self.starts_at), "end": clock(self.ends_at)}

    @property
    def where(self) -> str:
        """« Collège Victor-Hugo, salle 12, 3 rue… », or by video."""
        place = ", ".join(filter(None, [self.place, self.room, self.address]))
        return place or str(_("en visioconférence"))

    @property
    def for_whom(self) -> str:
        return str(self.district) if self.district else str(_("toute l’académie"))

    @property
    def is_live(self) -> bool:
        return self.state in (self.State.OPEN, self.State.CLOSED)

    @property
    def has_come(self) -> bool:
        return self.day <= timezone.localdate()

    def takes_registrations(self, today: date | None = None) -> bool:
        today = today or timezone.localdate()
        on_the_day = self.accepts_on_site and self.is_live and today == self.day
        return on_the_day or (self.state == self.State.OPEN and today <= self.closes_on)


class Registration(BaseModel):
    """A seat asked for. No name: who it is, only their commune knows, under the same id (ADR 0024).

    `trainee` is drawn by the commune for one teacher, and means nothing elsewhere: it counts people once. A line
    without `schema` is somebody who came without having registered: their school alone is known.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("en liste d’attente")
        CONFIRMED = "confirmed", _("inscrit")
        REFUSED = "refused", _("refusé")
        CANCELLED = "cancelled", _("désisté")
        PRESENT = "present", _("présent")
        ABSENT = "absent", _("absent")

    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, related_name="registrations", verbose_name=_("session")
    )
    schema = models.CharField(_("espace de la commune"), max_length=50, blank=True)
    school = models.ForeignKey(
        RefSchool, on_delete=models.PROTECT, to_field="uai", related_name="+", verbose_name=_("école")
    )
    trainee = models.UUIDField(_("stagiaire"))
    state = models.CharField(_("état"), max_length=9, choices=State)
    asked_at = models.DateTimeField(_("demandée le"), default=timezone.now)
    certificate = models.CharField(_("numéro d’attestation"), max_length=12, null=True, blank=True, unique=True)
    rating = models.PositiveSmallIntegerField(_("note"), null=True, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("inscription à une formation")
        verbose_name_plural = _("inscriptions à des formations")
        ordering = ["asked_at", "id"]
        indexes = [
            models.Index(fields=["school", "trainee"], condition=Q(state="present"), name="training_present"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["session", "trainee"], name="one_seat_a_trainee"),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__gte=1, rating__lte=5), name="training_rating_is_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} · {self.school_id}"

    @property
    def is_of_a_commune(self) -> bool:
        return bool(self.schema)


class CalendarFeed(BaseModel):
    """A trainer's own calendar, read by an address that only they know: its digest alone is kept."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("compte")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)

    class Meta:
        verbose_name = _("agenda privé")
        verbose_name_plural = _("agendas privés")

    def __str__(self) -> str:
        return str(self.user_id)


NAMES_KEPT = timedelta(days=30)


def names_are_shown(session: Any) -> bool:
    """Until thirty days after the session: the time to tick who came."""
    return timezone.localdate() <= session.day + NAMES_KEPT
