from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LiaisonConfig(AppConfig):
    """The model feature: notes from the school that guardians read and sign."""

    name = "tenant_apps.liaison"
    verbose_name = _("cahier de liaison")
