from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferenceConfig(AppConfig):
    """Communes, schools, circonscriptions and calendar of the académie, from open data. Public schema only."""

    name = "shared_apps.reference"
    verbose_name = _("référentiel")
