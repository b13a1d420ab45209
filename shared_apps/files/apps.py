from django.apps import AppConfig
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import packages

# Archives that the platform made, for one person or for a convention’s end.
MADE_HERE = ("departures.archive", "people.my_data", "lifecycle.package")


class FilesConfig(AppConfig):
    """Stored files: owner, true type, quota, signed links."""

    name = "shared_apps.files"
    verbose_name = _("fichiers")
    packages = {
        "StoredFile": packages.school(only=~Q(purpose__in=MADE_HERE), object_field="object_id"),
    }

    def ready(self) -> None:
        from core import registry
        from shared_apps.files.crossings import replay_file_link

        registry.crossings.register(_("Ouvrir un fichier par le lien d’une autre commune"), replay_file_link)
