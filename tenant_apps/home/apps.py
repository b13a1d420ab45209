from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    """The home page of each profile, made of what the other apps register."""

    name = "tenant_apps.home"
    verbose_name = _("accueil")
