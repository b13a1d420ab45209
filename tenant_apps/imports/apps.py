from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import registry


class ImportsConfig(AppConfig):
    """Plan, review, apply: the files of ONDE become classes, pupils and families. For heads."""

    name = "tenant_apps.imports"
    verbose_name = _("imports")

    def ready(self) -> None:
        from tenant_apps.imports import erasure, home, permissions  # noqa: F401  (declares the rights)

        registry.erasers.register("imports", erasure.erase)
        registry.todo_sources.register("imports", home.todos)
        registry.resource_links.register(
            "imports",
            registry.ResourceLink(
                label=_("Importer un fichier ONDE"),
                url_name="imports:imports",
                icon="upload-simple",
                profiles=frozenset({"head"}),
                order=30,
            ),
        )
