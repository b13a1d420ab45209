from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Sign-in of everyone: academy staff in the public schema, everybody else in their commune's."""

    name = "shared_apps.accounts"
    verbose_name = _("comptes")
