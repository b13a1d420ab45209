from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    """Plan, review, apply: ONDE files become people and classes."""

    name = "tenant_apps.imports"
    verbose_name = _("imports")
