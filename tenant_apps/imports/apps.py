from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages, registry


class ImportsConfig(AppConfig):
    """Plan, review, apply: files become classes, pupils, families, staff. For heads and the town's school service."""

    name = "tenant_apps.imports"
    verbose_name = _("imports")
    packages = {
        "ImportPlan": packages.apart("un fichier reçu, dont ce qui a été retenu est dans les fiches"),
        "ImportLine": packages.apart("une ligne d’un fichier reçu, dont ce qui a été retenu est dans les fiches"),
    }

    def ready(self) -> None:
        from tenant_apps.imports import erasure, home, permissions  # noqa: F401  (declares the rights)

        registry.erasers.register("imports", erasure.erase)
        registry.todo_sources.register("imports", home.todos)
        registry.resource_links.register(
            "imports",
            registry.ResourceLink(
                label=_("Importer un fichier"),
                url_name="imports:imports",
                icon="upload-simple",
                profiles=frozenset({"head"}),
                order=30,
            ),
        )
        link = registry.ResourceLink(
            _("Importer la liste des agents"), "imports:imports", "upload-simple", frozenset({"municipal"}), 30,
            "imports.import_town_staff",
        )  # fmt: skip
        registry.resource_links.register("imports.town", link)
