from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    """Communes and their addresses: what turns a host name into a schema."""

    name = "tenants"
    verbose_name = _("communes de l’ENT")

    def ready(self) -> None:
        from tenants import checks, pauses  # noqa: F401  (registers the checks)

        pauses.install()
