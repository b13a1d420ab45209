from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProvisioningConfig(AppConfig):
    """Birth, migration, suspension and end of communes; demo data."""

    name = "provisioning"
    verbose_name = _("ouvertures et migrations")

    def ready(self) -> None:
        from core import registry
        from provisioning import permissions  # noqa: F401  (declares the rights)
        from provisioning import waves
        from provisioning.opening import invitations
        from shared_apps.onboarding.wave_acts import kinds

        registry.outbox_handlers.register(invitations.KIND, invitations.send)
        kinds.register(waves.KIND.code, waves.KIND)
