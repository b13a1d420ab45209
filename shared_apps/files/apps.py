from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """Stored files: owner, true type, quota, signed links."""

    name = "shared_apps.files"
    verbose_name = _("fichiers")

    def ready(self) -> None:
        from core import registry
        from shared_apps.files.crossings import replay_file_link

        registry.crossings.register(_("Ouvrir un fichier par le lien d’une autre commune"), replay_file_link)
