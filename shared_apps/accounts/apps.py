from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages, registry


class AccountsConfig(AppConfig):
    """Sign-in of everyone: academy staff in the public schema, everybody else in their commune's."""

    name = "shared_apps.accounts"
    verbose_name = _("comptes")
    packages = {
        "StaffRole": packages.apart("sert à entrer dans la plateforme, et à rien d’autre"),
        "SecondFactor": packages.apart("sert à entrer dans la plateforme, et à rien d’autre"),
        "Device": packages.apart("sert à entrer dans la plateforme, et à rien d’autre"),
        "AddressChange": packages.apart("sert à entrer dans la plateforme, et à rien d’autre"),
        "CodeLot": packages.apart("sert à entrer dans la plateforme, et à rien d’autre"),
        "ExternalIdentity": packages.apart("sert à entrer dans la plateforme, et à rien d’autre"),
        "User": packages.apart("le compte et son mot de passe ; la personne est dans people.Person"),
    }

    def ready(self) -> None:
        from shared_apps.accounts import backends, mails
        from shared_apps.accounts.crossings import use_activation_code

        registry.crossings.register(_("Taper un code d’activation de l’autre commune"), use_activation_code)
        registry.session_companions.register(backends.COMPANION, backends.ask_account)
        registry.outbox_handlers.register("accounts.mail", mails.send)
