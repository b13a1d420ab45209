from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from core.text import sort_key
from tenant_apps.people import roles
from tenant_apps.people.querysets import (
    EnrollmentQuerySet,
    GuardianshipQuerySet,
    PersonQuerySet,
    PickupPersonQuerySet,
    PupilQuerySet,
    ServiceQuerySet,
    StaffAssignmentQuerySet,
)
from tenant_apps.schools.models import Grade, School, SchoolClass
from tenant_apps.schools.weeks import DAYS


class Person(BaseModel):
    """A human being known to the commune. Person, account and role are three things: one person may be a mother here
    and a teacher there, with one account.
    """

    class Sex(models.TextChoices):
        FEMALE = "F", _("féminin")
        MALE = "M", _("masculin")

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("compte"),
    )
    first_name = models.CharField(_("prénom"), max_length=100)
    birth_name = models.CharField(_("nom de famille"), max_length=100)
    usage_name = models.CharField(_("nom d’usage"), max_length=100, blank=True)
    sort_name = models.CharField(max_length=310, editable=False)
    civility = models.CharField(_("civilité"), max_length=4, blank=True)  # « Mme », « M. »
    sex = models.CharField(_("sexe"), max_length=1, choices=Sex, blank=True)
    birth_date = models.DateField(_("date de naissance"), null=True, blank=True)
    email = models.EmailField(_("adresse électronique"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    postal_code = models.CharField(_("code postal"), max_length=10, blank=True)
    city = models.CharField(_("ville"), max_length=100, blank=True)

    # ENTPersonJointure: whom the académie's directory means, whatever the names become.
    aaf_key = models.CharField(  # noqa: DJ001  (unique when there is one)
        _("clé de l’annuaire académique"), max_length=64, null=True, blank=True
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("personne")
        verbose_name_plural = _("personnes")
        ordering = ["sort_name", "id"]
        indexes = [
            models.Index(fields=["sort_name", "birth_date"], name="person_sort_name"),
            # For a word anywhere in the name, and for a name with a typing error.
            GinIndex(fields=["sort_name"], opclasses=["gin_trgm_ops"], name="person_sort_name_trigrams"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(first_name="") & ~Q(birth_name=""), name="person_has_a_name"),
            models.UniqueConstraint(fields=["aaf_key"], name="person_aaf_key_is_unique"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_name = self.make_sort_name()
        super().save(*args, **kwargs)

    def make_sort_name(self) -> str:
        """Called by `save`; bulk writers call it themselves."""
        return sort_key(self.last_name, self.first_name)

    @property
    def last_name(self) -> str:
        return self.usage_name or self.birth_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def formal_name(self) -> str:
        """« Mme Vidal » where the civility is known, else the full name."""
        return f"{self.civility} {self.last_name}" if self.civility else self.full_name


class Pupil(BaseModel):
    """What makes a person a pupil. No health data: `has_pai` only says that a paper document exists."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="pupil", verbose_name=_("personne"))
    # National pupil number: technical matching only, never shown nor used as an identifier.
    ine = models.CharField("INE", max_length=11, null=True, blank=True, unique=True)
    has_pai = models.BooleanField(_("PAI : voir le document papier"), default=False)
    has_photo_consent = models.BooleanField(_("photo autorisée"), null=True)
    has_insurance = models.BooleanField(_("attestation d’assurance fournie"), null=True)
    # One of the six cover colours, the same on every page, mail and push.
    cover = models.PositiveSmallIntegerField(_("couleur du protège-cahier"), default=1)
    withdrawn_on = models.DateField(_("radié le"), null=True, blank=True)

    objects = PupilQuerySet.as_manager()

    class Meta:
        verbose_name = _("élève")
        verbose_name_plural = _("élèves")
        ordering = ["person__sort_name", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(ine=""), name="pupil_ine_is_null_when_unknown"),
            models.CheckConstraint(condition=Q(cover__gte=1, cover__lte=6), name="pupil_cover_is_one_of_six"),
        ]

    def __str__(self) -> str:
        return str(self.person)


class Enrollment(BaseModel):
    """A pupil in a class, from a day to a day (excluded), in a grade."""

    class Unit(models.TextChoices):
        """Where the child is also taught. It says how school is organised for it, nothing of why."""

        ULIS = "ulis", _("ULIS")
        UPE2A = "upe2a", _("UPE2A")

    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="enrollments", verbose_name=_("élève"))
    school_class = models.ForeignKey(
        SchoolClass, on_delete=models.PROTECT, related_name="enrollments", verbose_name=_("classe")
    )
    grade = models.CharField(_("niveau"), max_length=3, choices=Grade)
    unit = models.CharField(_("dispositif"), max_length=6, choices=Unit, blank=True, default="", db_default="")
    starts_on = models.DateField(_("depuis le"))
    ends_on = models.DateField(_("jusqu’au, exclu"), null=True, blank=True)

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("inscription")
        verbose_name_plural = _("inscriptions")
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pupil"], condition=Q(ends_on=None), name="one_open_enrollment_per_pupil"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="enrollment_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pupil} · {self.school_class}"

    @property
    def is_current(self) -> bool:
        today = timezone.localdate()
        return self.starts_on <= today and (self.ends_on is None or self.ends_on > today)

    @property
    def is_reader(self) -> bool:
        """From CE1 on a child reads the screen; before, it speaks and shows."""
        return Grade(self.grade).is_reader


class Guardianship(BaseModel):
    """What links an adult to a child (code civil, art. 371-1 and following, for the parental authority)."""

    class Kinship(models.TextChoices):
        MOTHER = "mother", _("mère")
        FATHER = "father", _("père")
        OTHER = "other", _("autre responsable")
        UNKNOWN = "unknown", _("lien non précisé")  # ONDE doesn't tell it

    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="guardianships", verbose_name=_("élève"))
    guardian = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="guardianships", verbose_name=_("responsable")
    )
    kinship = models.CharField(_("lien"), max_length=8, choices=Kinship, default=Kinship.UNKNOWN)
    # Not in the ONDE file: confirmed by the head; both holders get the same information.
    has_parental_authority = models.BooleanField(_("exerce l’autorité parentale"), default=True)
    is_home = models.BooleanField(_("l’enfant vit chez cette personne"), default=True)
    is_payer = models.BooleanField(_("reçoit les factures"), default=False)
    may_collect = models.BooleanField(_("peut venir chercher l’enfant"), default=True)
    contact_order = models.PositiveSmallIntegerField(
        _("ordre d’appel"), default=1, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    ended_on = models.DateField(_("lien terminé le"), null=True, blank=True)

    objects = GuardianshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("responsabilité")
        verbose_name_plural = _("responsabilités")
        ordering = ["contact_order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pupil", "guardian"], name="one_guardianship_per_adult_and_child")
        ]

    def __str__(self) -> str:
        return f"{self.guardian} → {self.pupil}"

    @property
    def is_current(self) -> bool:
        return self.ended_on is None or self.ended_on > timezone.localdate()


class PickupPerson(BaseModel):
    """Someone who may come for the child, from a day to a day (excluded), told by who holds the authority."""

    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="pickups", verbose_name=_("élève"))
    name = models.CharField(_("nom et prénom"), max_length=150)
    relation = models.CharField(_("lien avec l’enfant"), max_length=60)  # « grand-mère », « voisin »
    phone = models.CharField(_("téléphone"), max_length=20)
    starts_on = models.DateField(_("depuis le"))
    ends_on = models.DateField(_("jusqu’au, exclu"), null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ajoutée par"),
    )

    objects = PickupPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("personne autorisée à venir chercher")
        verbose_name_plural = _("personnes autorisées à venir chercher")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")), name="pickup_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="pickup_person_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Service(BaseModel):
    """A service of the town whose agents meet children: canteen, childcare, school service, sport…"""

    class Kind(models.TextChoices):
        SCHOOL_SERVICE = "school_service", _("affaires scolaires")
        CANTEEN = "canteen", _("restauration")
        CHILDCARE = "childcare", _("accueil périscolaire")
        SPORT = "sport", _("sport")
        OTHER = "other", _("autre service")

    name = models.CharField(_("nom"), max_length=100, unique=True)
    kind = models.CharField(_("type"), max_length=14, choices=Kind)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class StaffAssignment(BaseModel):
    """What an adult does in a school or for the town, from a day to a day (excluded)."""

    Role = roles.Role
    TEACHING = roles.TEACHING
    MUNICIPAL = roles.MUNICIPAL
    GIVEN_BY_THE_HEAD = roles.IN_THEIR_CLASSES

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assignments", verbose_name=_("personne"))
    role = models.CharField(_("fonction"), max_length=20, choices=Role)
    school = models.ForeignKey(
        School,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name=_("école"),
    )
    school_class = models.ForeignKey(
        SchoolClass,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name=_("classe"),
    )
    service = models.ForeignKey(
        Service,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name=_("service"),
    )
    # Teachers who share a class: « 12 » is Monday and Tuesday (ISO days); empty, the whole week.
    weekdays = models.CharField(_("jours dans la classe"), max_length=6, blank=True, default="", db_default="")
    starts_on = models.DateField(_("depuis le"))
    ends_on = models.DateField(_("jusqu’au, exclu"), null=True, blank=True)

    objects = StaffAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("affectation")
        verbose_name_plural = _("affectations")
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "school", "school_class"],
                condition=Q(ends_on=None),
                nulls_distinct=False,
                name="one_open_assignment_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="assignment_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=["head", "teacher", "substitute", "support_assistant"]) | Q(school__isnull=False),
                name="school_staff_have_a_school",
            ),
            models.CheckConstraint(
                condition=~Q(role="substitute") | Q(ends_on__isnull=False), name="substitutes_have_an_end"
            ),
            models.CheckConstraint(condition=Q(weekdays__regex=r"^1?2?3?4?5?6?$"), name="weekdays_are_iso_days"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()}"

    @property
    def is_current(self) -> bool:
        today = timezone.localdate()
        return self.starts_on <= today and (self.ends_on is None or self.ends_on > today)

    @property
    def days_in_words(self) -> str:
        """« lundi, mardi »; nothing for who has the class the whole week."""
        return ", ".join(str(DAYS[day]) for day in self.weekdays)


from tenant_apps.people.groups import (  # noqa: E402, F401  (models of this app, told in their own files)
    PupilGroup,
    PupilGroupLeader,
    PupilGroupMember,
)
from tenant_apps.people.pairs import PersonPair  # noqa: E402, F401
from tenant_apps.people.supports import PupilSupport  # noqa: E402, F401
