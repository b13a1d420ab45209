from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProvisioningConfig(AppConfig):
    """Birth, migration, suspension and end of communes; demo data."""

    name = "provisioning"
    verbose_name = _("ouvertures et migrations")

    def ready(self) -> None:
        from core import registry
        from provisioning import permissions  # noqa: F401  (declares the rights)
        from provisioning.opening import amended, invitations
        from shared_apps.onboarding.services.conventions import ANNEX_CHANGED

        registry.outbox_handlers.register(invitations.KIND, invitations.send)
        registry.outbox_handlers.register(ANNEX_CHANGED, amended.open_schools)
