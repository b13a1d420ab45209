from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import registry

STAFF = frozenset({"academy"})
READERS = frozenset({"teacher", "head", "guardian", "municipal", "moving"})


class MaintenanceConfig(AppConfig):
    """Planned interventions, incidents, the status page, « Ce qui change ». Public schema only; communes read it."""

    name = "shared_apps.maintenance"
    verbose_name = _("maintenance")

    def ready(self) -> None:
        from shared_apps.maintenance import banner, heads, news, permissions  # noqa: F401  (declares the rights)

        registry.banners.register("maintenance", banner.banner)
        registry.outbox_handlers.register(heads.KIND, heads.deliver)
        link = registry.ResourceLink(
            _("Interventions et incidents"), "maintenance:home", "wrench", STAFF, 45, "maintenance.view_maintenance"
        )
        registry.resource_links.register("academy.maintenance", link)
        link = registry.ResourceLink(
            _("Ce qui change"), "maintenance_news:news", "sparkle", READERS, order=95, note=news.word
        )
        registry.resource_links.register("news", link)
