from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignaturesConfig(AppConfig):
    """One request to sign: notes, charter, consents, outings."""

    name = "shared_apps.signatures"
    verbose_name = _("signatures")
