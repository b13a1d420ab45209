from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from tenant_apps.equipment.querysets import EquipmentQuerySet
from tenant_apps.schools.models import School


class Equipment(BaseModel):
    """How much of one kind a school has. What it has none of, or nobody counted, has no row."""

    class Kind(models.TextChoices):
        DESKTOP = "desktop", _("ordinateurs fixes")
        LAPTOP = "laptop", _("ordinateurs portables")
        TABLET = "tablet", _("tablettes")
        MOBILE_CLASS = "mobile_class", _("classes mobiles")
        SCREEN = "screen", _("écrans et tableaux interactifs")
        PROJECTOR = "projector", _("vidéoprojecteurs")
        EQUIPPED_CLASS = "equipped_class", _("classes où l’on peut projeter")
        CONNECTION = "connection", _("débit de la connexion, en Mbit/s")

    MOST = 10_000

    school = models.ForeignKey(
        School, on_delete=models.CASCADE, related_name="equipment", verbose_name=_("école"), db_index=False
    )
    kind = models.CharField(_("matériel"), max_length=14, choices=Kind)
    quantity = models.PositiveSmallIntegerField(_("nombre"))

    objects = EquipmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("matériel d’une école")
        verbose_name_plural = _("matériel des écoles")
        ordering = ["school", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["school", "kind"], name="equipment_counted_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1, quantity__lte=10_000), name="equipment_is_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.school} · {self.get_kind_display()}"
