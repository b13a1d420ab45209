from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import registry


class BoundsConfig(AppConfig):
    """Who may see whom and write to whom at most, in every school of the académie; the words of the matrix."""

    name = "shared_apps.bounds"
    verbose_name = _("bornes des droits")

    def ready(self) -> None:
        from shared_apps.bounds import permissions  # noqa: F401  (declares the rights)

        link = registry.ResourceLink(
            _("Qui peut écrire à qui"), "bounds:bounds", "scales", frozenset({"academy"}), 70, "bounds.view_bounds"
        )
        registry.resource_links.register("academy.bounds", link)
