from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages


class AuditConfig(AppConfig):
    """Who did what, when: append-only and hash-chained, ids only."""

    name = "shared_apps.audit"
    verbose_name = _("journal")
    packages = {
        "Entry": packages.apart("le journal : des identifiants seuls ; sa tête est dans l’attestation d’effacement"),
    }
