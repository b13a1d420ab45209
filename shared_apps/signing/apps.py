from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class SigningConfig(AppConfig):
    """PDFs sealed by the platform (PAdES), and the public page that checks one. No table: files keep the digests."""

    name = "shared_apps.signing"
    verbose_name = _("signature électronique")

    def ready(self) -> None:
        from shared_apps.signing import checks

        register(checks.seal_is_readable, deploy=True)
