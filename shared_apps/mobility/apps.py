from datetime import date
from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import registry

STAFF = frozenset({"academy"})


class MobilityConfig(AppConfig):
    """Staff of the académie who work in several communes: one identity, a dated account in each. Public schema only."""

    name = "shared_apps.mobility"
    verbose_name = _("personnels itinérants")

    def ready(self) -> None:
        from shared_apps.mobility import permissions, services  # noqa: F401  (declares the rights)

        entry = registry.MenuEntry(
            _("Mes communes"), "mobility:my_communes", "map-trifold", STAFF, 15, permission="mobility.enter_communes"
        )
        registry.menu_entries.register("academy.my_communes", entry)
        link = registry.ResourceLink(
            _("Personnels itinérants"), "mobility:moving_staff", "users-four", STAFF, 40, "mobility.manage_postings"
        )
        registry.resource_links.register("academy.moving_staff", link)
        registry.uplink_handlers.register(
            "mobility.released", registry.Uplink({"posting": UUID, "day": date}, services.hear_release)
        )
