from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatisticsConfig(AppConfig):
    """Daily aggregates of all communes, without personal data. Public schema only."""

    name = "shared_apps.statistics"
    verbose_name = _("statistiques")
