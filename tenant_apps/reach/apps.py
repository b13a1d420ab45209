from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import registry


class ReachConfig(AppConfig):
    """« Familles non touchées »: the children whose adults get nothing of what the school sends, and a sheet for them.

    For heads and teachers. It keeps nothing: it reads accounts, browsers and notices.
    """

    name = "tenant_apps.reach"
    verbose_name = _("familles non touchées")

    def ready(self) -> None:
        from tenant_apps.reach import permissions  # noqa: F401  (declares the rights)

        staff = frozenset({"teacher", "head"})
        link = registry.ResourceLink(_("Familles non touchées"), "reach:families", "bell-slash", staff, 13)
        registry.resource_links.register("reach", link)
