from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from tenant_apps.people.models import Pupil
from tenant_apps.pupil_access.querysets import ClassDoorQuerySet, PupilKeyQuerySet
from tenant_apps.schools.models import SchoolClass

TRIES = 5  # wrong pictures, then an adult must look


class Way(models.TextChoices):
    """How the pupils of a class come in."""

    PICTURES = "pictures", _("Images : l’enfant touche ses images dans l’ordre")
    CARD = "card", _("Carte : l’enfant montre sa carte à la tablette")
    PASSWORD = "password", _("Mot de passe : deux mots et un nombre")


class ClassDoor(BaseModel):
    """The door of one class: shut, or open until a time. Each opening has its number and its own code on the board."""

    school_class = models.OneToOneField(
        SchoolClass, on_delete=models.CASCADE, related_name="door", verbose_name=_("classe")
    )
    # Empty: by the age of the pupils.
    way = models.CharField(_("façon d’entrer"), max_length=8, choices=Way, blank=True)
    opening = models.PositiveIntegerField(_("ouverture"), default=0)
    opened_at = models.DateTimeField(_("ouverte le"), null=True, blank=True)
    closes_at = models.DateTimeField(_("se ferme le"), null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ouverte par"),
    )
    # A typed code finds its class by this keyed digest; the code itself is derived, stored nowhere.
    code_digest = models.CharField(max_length=64, blank=True, editable=False)
    # Wrong pictures of this opening, all pupils together.
    failures = models.PositiveSmallIntegerField(default=0)

    objects = ClassDoorQuerySet.as_manager()

    class Meta:
        verbose_name = _("porte d’une classe")
        verbose_name_plural = _("portes des classes")
        constraints = [
            models.UniqueConstraint(fields=["code_digest"], condition=~Q(code_digest=""), name="board_code_opens_one"),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(opened_at__isnull=False, closes_at__gte=F("opened_at")),
                name="a_door_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return str(self.school_class)

    @property
    def is_open(self) -> bool:
        return self.closes_at is not None and self.closes_at > timezone.now()


class PupilKey(BaseModel):
    """What a pupil comes in with. Pictures, card and password are derived from (pupil, generation): a new generation
    kills the old ones at once, and a sheet prints again without anything secret being stored.
    """

    pupil = models.OneToOneField(Pupil, on_delete=models.CASCADE, related_name="key", verbose_name=_("élève"))
    generation = models.PositiveIntegerField(default=1)
    card_digest = models.CharField(max_length=64, unique=True, editable=False)
    # The animal by which a child finds itself on the tiles and on its card.
    face = models.CharField(_("animal"), max_length=20)
    failures = models.PositiveSmallIntegerField(_("essais manqués"), default=0)
    help_asked_at = models.DateTimeField(_("aide demandée le"), null=True, blank=True)
    entered_at = models.DateTimeField(_("entré le"), null=True, blank=True)
    entered_by = models.CharField(_("entré par"), max_length=8, choices=Way, blank=True)
    left_at = models.DateTimeField(_("sorti le"), null=True, blank=True)
    # Tells whether the account's password is still the one we derived: a child may have chosen another.
    password_seal = models.CharField(max_length=64, blank=True, editable=False)

    objects = PupilKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("accès d’un élève")
        verbose_name_plural = _("accès des élèves")

    def __str__(self) -> str:
        return str(self.pupil)

    @property
    def is_blocked(self) -> bool:
        """Five wrong tries: an adult must look."""
        return self.failures >= TRIES

    @property
    def tries_left(self) -> int:
        return max(0, TRIES - self.failures)

    def is_in_since(self, opened_at: datetime | None) -> bool:
        """Came in during this opening, and has not said « C’est fini »."""
        if opened_at is None or self.entered_at is None or self.entered_at < opened_at:
            return False
        return self.left_at is None or self.left_at < self.entered_at
