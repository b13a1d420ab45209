from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import registry

STAFF = frozenset({"academy"})


class EmergencyConfig(AppConfig):
    """The academy's emergency switches: who may not send any more, where, until when. Public schema only.

    Each send of a commune asks them at `tenants.stops`.
    """

    name = "shared_apps.emergency"
    verbose_name = _("urgence")

    def ready(self) -> None:
        from shared_apps.emergency import permissions, querysets, uplinks  # noqa: F401  (declares the rights)
        from tenants import stops

        stops.install(querysets.stops)
        uplinks.declare()
        link = registry.ResourceLink(_("Urgence"), "emergency:home", "siren", STAFF, 44, "emergency.view")
        registry.resource_links.register("academy.emergency", link)
