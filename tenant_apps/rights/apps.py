from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages, registry


class RightsConfig(AppConfig):
    """Foundation: who may see whom and write to whom, school by school, and why. Messages and directories ask it."""

    name = "tenant_apps.rights"
    verbose_name = _("droits")
    packages = {
        "SchoolRule": packages.school("school"),
    }

    def ready(self) -> None:
        from tenant_apps.rights import permissions  # noqa: F401  (declares the rights)

        registry.resource_links.register(
            "rights",
            registry.ResourceLink(
                label=_("Qui peut écrire à qui"),
                url_name="rights:schools",
                icon="chat-circle-text",
                profiles=frozenset({"head", "teacher"}),
                order=60,
            ),
        )
