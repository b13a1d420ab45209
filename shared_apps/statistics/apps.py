from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import registry


class StatisticsConfig(AppConfig):
    """Daily aggregates of all communes, without personal data; where the académie stands. Public schema only."""

    name = "shared_apps.statistics"
    verbose_name = _("statistiques")

    def ready(self) -> None:
        from shared_apps.statistics import counters, permissions, services  # noqa: F401  (declares the rights)

        registry.counters.register("accounts", counters.accounts)
        registry.outbox_handlers.register(services.ROLL_UP, services.deliver_roll_up)
        staff = frozenset({"academy"})
        entry = registry.MenuEntry(
            _("Statistiques"),
            "statistics:statistics",
            "chart-bar",
            staff,
            order=30,
            permission="statistics.view_statistics",
        )
        registry.menu_entries.register("academy.statistics", entry)
