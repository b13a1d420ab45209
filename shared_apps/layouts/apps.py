from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import registry


class LayoutsConfig(AppConfig):
    """Which column of an imported file is which field: versions that the académie edits. Public schema only."""

    name = "shared_apps.layouts"
    verbose_name = _("colonnes des fichiers")

    def ready(self) -> None:
        from shared_apps.layouts import permissions  # noqa: F401  (declares the rights)

        link = registry.ResourceLink(
            _("Les colonnes des fichiers importés"), "layouts:layouts", "table", frozenset({"academy"}), 70,
            "layouts.view_layouts",
        )  # fmt: skip
        registry.resource_links.register("academy.layouts", link)
