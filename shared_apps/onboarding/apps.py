from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OnboardingConfig(AppConfig):
    """From prospect to signed convention: what lets a commune open. Public schema only."""

    name = "shared_apps.onboarding"
    verbose_name = _("adhésions")
