from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """Stored files: owner, true type, quota, signed links."""

    name = "shared_apps.files"
    verbose_name = _("fichiers")
