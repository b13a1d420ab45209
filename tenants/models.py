from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from tenants.names import SCHEMA_NAME, check_schema_name
from tenants.querysets import CommuneQuerySet


class Commune(TenantMixin):
    """A commune that has, or is getting, its isolated space. `provisioning` lays its schema, never `save()`."""

    class State(models.TextChoices):
        OPENING = "opening", _("ouverture en cours")
        OPEN = "open", _("ouverte")
        MAINTENANCE = "maintenance", _("en maintenance")
        SUSPENDED = "suspended", _("suspendue")
        READ_ONLY = "read_only", _("en lecture seule")
        ARCHIVED = "archived", _("archivée")

    # Those whose address answers people, be it for reading only.
    REACHABLE = frozenset([State.OPEN, State.READ_ONLY])
    # Those where nothing happens by itself any more: tasks wait, and mails but for a few (`tenants.pauses`).
    PAUSED = frozenset([State.SUSPENDED, State.READ_ONLY, State.ARCHIVED])

    auto_create_schema = False
    auto_drop_schema = False

    schema_name = models.CharField(
        _("espace"), max_length=50, unique=True, editable=False, validators=[check_schema_name]
    )
    insee = models.CharField(_("code INSEE"), max_length=5, unique=True)
    name = models.CharField(_("nom"), max_length=100)
    department_code = models.CharField(_("département"), max_length=3)
    state = models.CharField(_("état"), max_length=12, choices=State, default=State.OPENING)
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)
    opened_at = models.DateTimeField(_("ouverte le"), null=True, blank=True)
    # In read only: the last day on which its pages can be read.
    closes_on = models.DateField(_("lisible jusqu’au"), null=True, blank=True)
    asks_heads = models.BooleanField(
        _("la direction accepte avant ce que la mairie publie dans l’école"), default=True, db_default=True
    )

    objects = CommuneQuerySet.as_manager()

    class Meta:
        verbose_name = _("commune")
        verbose_name_plural = _("communes")
        ordering = ["insee"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(schema_name__regex=SCHEMA_NAME), name="commune_schema_name_is_safe"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def __enter__(self) -> None:
        # The library keeps the stack of this context on the class: two threads swapped communes.
        raise TypeError("Use core.tenancy.in_schema().")

    @property
    def is_reachable(self) -> bool:
        return self.state in self.REACHABLE


class Domain(DomainMixin):
    """A host name of a commune. The primary one is written in mails."""

    class Meta:
        verbose_name = _("adresse")
        verbose_name_plural = _("adresses")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_primary=True), name="one_primary_domain_per_commune"
            ),
            models.CheckConstraint(
                condition=models.Q(domain__regex=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"),
                name="domain_is_a_host_name",
            ),
        ]

    def __str__(self) -> str:
        return self.domain

    def get_absolute_url(self) -> str:
        return f"{settings.ENT_SCHEME}://{self.domain}{settings.ENT_PORT_SUFFIX}/"
