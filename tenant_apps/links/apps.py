import re
from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import registry


class LinksConfig(AppConfig):
    """One person, several communes: a guardian links two accounts and sees one list of children."""

    name = "tenant_apps.links"
    verbose_name = _("liens entre communes")

    def ready(self) -> None:
        from tenant_apps.links import children, crossings, permissions  # noqa: F401  (declares the rights)
        from tenant_apps.links.services import links

        registry.uplink_handlers.register(
            links.REVOKED,
            registry.Uplink({"pair": UUID, "other": re.compile(r"c_[a-z0-9_]{1,48}")}, links.hear_revocation),
        )
        registry.home_sections.register("links", children.home_section)
        registry.resource_links.register(
            "links",
            registry.ResourceLink(
                _("Mes enfants dans une autre commune"), "links:links", "link", frozenset({"guardian"}), 60
            ),
        )
        registry.crossings.register(_("Ouvrir une lettre destinée à l’autre commune"), crossings.open_letter)
