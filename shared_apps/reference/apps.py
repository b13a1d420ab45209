from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import registry


class ReferenceConfig(AppConfig):
    """Communes, schools, circonscriptions and calendar of the académie, from open data. Public schema only."""

    name = "shared_apps.reference"
    verbose_name = _("référentiel")

    def ready(self) -> None:
        from shared_apps.reference import permissions  # noqa: F401  (declares the rights)

        link = registry.ResourceLink(
            _("Le référentiel : communes, écoles, calendrier"),
            "reference_data:home",
            "database",
            frozenset({"academy"}),
            46,
            "reference.manage_reference",
        )
        registry.resource_links.register("academy.reference", link)
