import re
from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages, registry


class LinksConfig(AppConfig):
    """One person, several communes: a guardian links two accounts and sees one list of children; staff of the
    académie come for a time, with an account in each.
    """

    name = "tenant_apps.links"
    verbose_name = _("liens entre communes")
    packages = {
        "AccountLink": packages.apart("un lien entre deux espaces de la plateforme"),
        "SpentLetter": packages.apart("un lien entre deux espaces de la plateforme"),
        "PostedAssignment": packages.apart("un lien entre deux espaces de la plateforme"),
    }

    def ready(self) -> None:
        from tenant_apps.links import children, crossings, permissions, personal_data  # noqa: F401  (declares the rights)
        from tenant_apps.links.services import links, postings

        registry.uplink_handlers.register(
            links.REVOKED,
            registry.Uplink({"pair": UUID, "other": re.compile(r"c_[a-z0-9_]{1,48}")}, links.hear_revocation),
        )
        registry.posted_staff.register("links", postings.follow_postings)
        entry = registry.MenuEntry(_("Mes écoles"), "links:schools", "house-line", frozenset({"moving"}), 10)
        registry.menu_entries.register("links.schools", entry)
        registry.resource_links.register(
            "links.posted",
            registry.ResourceLink(
                _("Personnels de l’académie"), "links:posted", "identification-badge", frozenset({"head"}), 70
            ),
        )
        registry.personal_data.register("links", personal_data.links_of)
        registry.home_sections.register("links", children.home_section)
        registry.resource_links.register(
            "links",
            registry.ResourceLink(
                _("Mes enfants dans une autre commune"), "links:links", "link", frozenset({"guardian"}), 60
            ),
        )
        registry.crossings.register(_("Ouvrir une lettre destinée à l’autre commune"), crossings.open_letter)
