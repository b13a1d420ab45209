from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from core.words import figure
from shared_apps.reference.querysets import DatedQuerySet, ForAllStaffQuerySet, RefCommuneQuerySet, RefSchoolQuerySet


class Department(models.TextChoices):
    """The départements of the académie de Montpellier."""

    AUDE = "11", "Aude"
    GARD = "30", "Gard"
    HERAULT = "34", "Hérault"
    LOZERE = "48", "Lozère"
    PYRENEES_ORIENTALES = "66", "Pyrénées-Orientales"


class ReferenceModel(BaseModel):
    """A row of an official file. It is never deleted: what left the file keeps its history and leaves the counts."""

    removed_on = models.DateField(_("absent du fichier depuis"), null=True, blank=True)

    class Meta:
        abstract = True


class RefCommune(ReferenceModel):
    """A commune of the académie (INSEE, DGCL, La Poste), whether it has joined or not."""

    insee = models.CharField(_("code INSEE"), max_length=5, unique=True)
    name = models.CharField(_("nom"), max_length=60)
    sort_name = models.CharField(max_length=60, editable=False)
    department_code = models.CharField(_("département"), max_length=3)
    department = models.CharField(_("nom du département"), max_length=30)
    postal_codes = models.CharField(_("codes postaux"), max_length=100)  # separated by spaces
    population = models.PositiveIntegerField(_("habitants"))
    epci_code = models.CharField(_("SIREN de l’intercommunalité"), max_length=9, blank=True)
    epci_name = models.CharField(_("intercommunalité"), max_length=100, blank=True)
    epci_type = models.CharField(_("type d’intercommunalité"), max_length=6, blank=True)
    siren = models.CharField("SIREN", max_length=9)
    # Commune nouvelle: the one that took this one in, and since when. Its space, if it has one, keeps its address.
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        to_field="insee",
        null=True,
        blank=True,
        related_name="absorbed",
        verbose_name=_("réunie à"),
    )
    merged_on = models.DateField(_("réunie le"), null=True, blank=True)

    objects = RefCommuneQuerySet.as_manager()

    class Meta:
        verbose_name = _("commune du référentiel")
        verbose_name_plural = _("communes du référentiel")
        ordering = ["sort_name", "insee"]
        indexes = [
            models.Index(fields=["department_code", "sort_name"], name="ref_commune_department"),
        ]

    def __str__(self) -> str:
        return self.name


class District(ReferenceModel):
    """A circonscription: 40 to 50 schools and their inspector (IEN)."""

    uai = models.CharField("UAI", max_length=8, unique=True)
    name = models.CharField(_("nom"), max_length=120)
    short_name = models.CharField(_("nom court"), max_length=80)
    department_code = models.CharField(_("département"), max_length=3)
    address = models.CharField(_("adresse"), max_length=100, blank=True)
    postal_code = models.CharField(_("code postal"), max_length=5, blank=True)
    town = models.CharField(_("ville"), max_length=60, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("circonscription")
        verbose_name_plural = _("circonscriptions")
        ordering = ["department_code", "short_name"]

    def __str__(self) -> str:
        return self.short_name


class RefSchool(ReferenceModel):
    """A school of the « Annuaire de l’éducation », public or private."""

    class Kind(models.TextChoices):
        NURSERY = "nursery", _("maternelle")
        ELEMENTARY = "elementary", _("élémentaire")
        PRIMARY = "primary", _("primaire")
        SPECIAL = "special", _("spécialisée")

    class Sector(models.TextChoices):
        PUBLIC = "public", _("publique")
        PRIVATE = "private", _("privée")

    uai = models.CharField("UAI", max_length=8, unique=True)
    name = models.CharField(_("nom"), max_length=120)
    sort_name = models.CharField(max_length=120, editable=False)
    kind = models.CharField(_("type"), max_length=10, choices=Kind)
    sector = models.CharField(_("secteur"), max_length=7, choices=Sector)
    contract = models.CharField(_("contrat"), max_length=60, blank=True)  # private schools only
    commune = models.ForeignKey(
        RefCommune,
        on_delete=models.PROTECT,
        to_field="insee",
        related_name="schools",
        verbose_name=_("commune"),
    )
    address = models.CharField(_("adresse"), max_length=100, blank=True)
    address_extra = models.CharField(_("complément d’adresse"), max_length=60, blank=True)
    postal_code = models.CharField(_("code postal"), max_length=5, blank=True)
    district = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        to_field="uai",
        null=True,
        blank=True,
        related_name="schools",
        verbose_name=_("circonscription"),
    )
    pupils = models.PositiveIntegerField(_("élèves"), null=True, blank=True)  # unknown for some schools
    has_ulis = models.BooleanField(_("ULIS"), default=False)
    priority_education = models.CharField(_("éducation prioritaire"), max_length=4, blank=True)  # REP, REP+
    is_grouped = models.BooleanField(_("RPI concentré"), default=False)
    grouping_code = models.CharField(_("RPI dispersé"), max_length=6, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    opened_on = models.DateField(_("ouverte le"), null=True, blank=True)
    # The commune it was of before a merge: its people go on signing in there while that space lives.
    former_commune = models.ForeignKey(
        RefCommune,
        on_delete=models.PROTECT,
        to_field="insee",
        null=True,
        blank=True,
        related_name="former_schools",
        verbose_name=_("commune d’avant"),
    )
    latitude = models.FloatField(_("latitude"), null=True, blank=True)  # WGS84; a few schools have none
    longitude = models.FloatField(_("longitude"), null=True, blank=True)

    objects = RefSchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("école du référentiel")
        verbose_name_plural = _("écoles du référentiel")
        ordering = ["sort_name", "uai"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_public(self) -> bool:
        return self.sector == self.Sector.PUBLIC

    @property
    def pupils_in_words(self) -> str:
        return figure(self.pupils) if self.pupils is not None else str(_("inconnu"))


class CalendarDay(ReferenceModel):
    """A span of the official calendar: first day of school, holiday, bridge day, public holiday."""

    class Kind(models.TextChoices):
        SCHOOL_START = "school_start", _("rentrée")
        SCHOOL_BREAK = "school_break", _("vacances")
        BRIDGE_DAY = "bridge_day", _("pont")
        PUBLIC_HOLIDAY = "public_holiday", _("jour férié")

    zone = models.CharField(_("zone"), max_length=1, default="C")
    school_year = models.CharField(_("année scolaire"), max_length=9)  # « 2026-2027 »
    kind = models.CharField(_("type"), max_length=14, choices=Kind)
    label = models.CharField(_("libellé"), max_length=100)
    starts_on = models.DateField(_("premier jour"))
    ends_on = models.DateField(_("dernier jour"))
    resumes_on = models.DateField(_("reprise"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=100, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("jour du calendrier")
        verbose_name_plural = _("jours du calendrier")
        ordering = ["starts_on", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "school_year", "kind", "label"], name="ref_calendar_day_is_unique"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="ref_calendar_day_order"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class ReferenceLoad(BaseModel):
    """An official file that was uploaded, what it would change, and who let it. Its bytes go once it is decided."""

    class Kind(models.TextChoices):
        COMMUNES = "communes", _("communes")
        DISTRICTS = "districts", _("circonscriptions")
        SCHOOLS = "schools", _("écoles")
        CALENDAR = "calendar", _("calendrier")

    class State(models.TextChoices):
        WAITING = "waiting", _("à approuver")
        APPROVED = "approved", _("approuvé")
        REFUSED = "refused", _("écarté")

    kind = models.CharField(_("sorte"), max_length=10, choices=Kind)
    file_name = models.CharField(_("fichier"), max_length=120)
    digest = models.CharField(_("empreinte du fichier"), max_length=64)
    content = models.BinaryField(_("contenu"), null=True)
    # What was read by who approves: approving something else is refused.
    seen = models.CharField(_("empreinte des changements"), max_length=64)
    lines = models.JSONField(_("changements"), default=list)  # [{what, code, name, why}]
    removed = models.PositiveIntegerField(_("retraits"), default=0)
    unchanged = models.PositiveIntegerField(_("identiques"), default=0)
    state = models.CharField(_("état"), max_length=8, choices=State, default=State.WAITING)
    uploaded_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("déposé par")
    )
    decided_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("décidé par")
    )
    decided_at = models.DateTimeField(_("décidé le"), null=True, blank=True)

    objects = ForAllStaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("chargement du référentiel")
        verbose_name_plural = _("chargements du référentiel")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.file_name


class ReferenceAct(BaseModel):
    """A change made by hand between two official files, with its reason."""

    class What(models.TextChoices):
        OPENED = "opened", _("école ouverte")
        CLOSED = "closed", _("école fermée")
        REOPENED = "reopened", _("école rouverte")
        RENAMED = "renamed", _("nom changé")
        MERGED = "merged", _("communes réunies")
        DAY = "day", _("calendrier modifié")

    what = models.CharField(_("acte"), max_length=8, choices=What)
    code = models.CharField(_("UAI ou code INSEE"), max_length=8, blank=True)
    words = models.CharField(_("ce qui a changé"), max_length=300)
    reason = models.CharField(_("raison"), max_length=200)
    done_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("fait par")
    )

    objects = ForAllStaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("acte sur le référentiel")
        verbose_name_plural = _("actes sur le référentiel")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.words
