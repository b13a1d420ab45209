from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages, registry


class ApiConfig(AppConfig):
    """What every part of `/api/v1/` shares: access tokens, pages, filters, refusals in French, the document."""

    name = "shared_apps.api"
    verbose_name = _("interface de programmation")
    packages = {
        "AccessToken": packages.apart("sert à entrer dans la plateforme, et à rien d’autre"),
    }

    def ready(self) -> None:
        from shared_apps.api import permissions, schema  # noqa: F401  (declares the rights; describes our authentication)
        from shared_apps.api.crossings import use_access_token

        registry.crossings.register(_("Présenter une clé de lecture à l’autre commune"), use_access_token)
