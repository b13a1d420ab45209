from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchoolsConfig(AppConfig):
    """Foundation: schools, school years, week patterns, classes."""

    name = "tenant_apps.schools"
    verbose_name = _("écoles")
