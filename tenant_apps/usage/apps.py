from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages, registry


class UsageConfig(AppConfig):
    """How much the ENT is used, day by day: counts for heads, the town and the académie. No trail of a person is kept.

    For heads (their schools) and the town's school service (the whole commune, no pedagogy).
    """

    name = "tenant_apps.usage"
    verbose_name = _("usage de l’ENT")
    packages = {"CountedDay": packages.apart("des comptes d’un jour, sans personne, que l’académie a déjà")}

    def ready(self) -> None:
        from tenant_apps.usage import counters, permissions  # noqa: F401  (declares the rights)

        registry.counters.register("usage", counters.counters)
        registry.resource_links.register(
            "usage",
            registry.ResourceLink(
                label=_("L’usage de l’ENT"),
                url_name="usage:usage",
                icon="chart-bar",
                profiles=frozenset({"head", "municipal"}),
                order=80,
                permission="usage.view_usage",
            ),
        )
