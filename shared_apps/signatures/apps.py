from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages


class SignaturesConfig(AppConfig):
    """One request to sign: notes, charter, consents, outings."""

    name = "shared_apps.signatures"
    verbose_name = _("signatures")
    packages = {
        "SignatureRequest": packages.school(object_field="object_id"),
        "Slot": packages.school(object_field="request__object_id"),
    }
