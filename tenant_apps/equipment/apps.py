from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages, registry

STAFF = frozenset({"head", "teacher", "municipal"})


class EquipmentConfig(AppConfig):
    """The digital equipment of each school, as the town and the heads count it. Numbers only.

    The commune owns and pays it (code de l'éducation, L212-4); the académie follows the totals.
    """

    name = "tenant_apps.equipment"
    verbose_name = _("équipement numérique")
    packages = {"Equipment": packages.town()}

    def ready(self) -> None:
        from tenant_apps.equipment import counters, permissions  # noqa: F401  (declares the rights)

        registry.counters.register("equipment", counters.counters)
        link = registry.ResourceLink(_("Équipement numérique"), "equipment:inventory", "desktop", STAFF, order=85)
        registry.resource_links.register("equipment", link)
