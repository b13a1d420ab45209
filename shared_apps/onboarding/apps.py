from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import registry

STAFF = frozenset({"academy"})


class OnboardingConfig(AppConfig):
    """From prospect to signed convention: what lets a commune open. The academy's pages. Public schema only."""

    name = "shared_apps.onboarding"
    verbose_name = _("adhésions")

    def ready(self) -> None:
        from shared_apps.onboarding import (
            mails,
            permissions,  # noqa: F401  (declares the rights)
        )
        from shared_apps.onboarding.services import adhesions, conventions, follow_up, lists, mandates, signing

        registry.outbox_handlers.register(mandates.KIND, mandates.send)
        registry.file_readers.register(follow_up.FILE, follow_up.may_read_file)
        registry.file_readers.register(lists.FILE, lists.may_read_file)
        registry.file_readers.register(adhesions.FILE, adhesions.may_read_file)

        registry.outbox_handlers.register(signing.MAIL, mails.send)
        for purpose in (signing.TO_SIGN, signing.SEALED, conventions.SCAN):
            registry.file_readers.register(purpose, signing.may_read)
        registry.sealed_files.register(signing.SEALED, signing.title_of)
        entry = registry.MenuEntry(
            _("Aujourd’hui"), "home", "sun-horizon", STAFF, 10, permission="onboarding.view_communes"
        )
        registry.menu_entries.register("academy.today", entry)
        entry = registry.MenuEntry(
            _("Communes"), "onboarding:communes", "map-trifold", STAFF, order=20, permission="onboarding.view_communes"
        )
        registry.menu_entries.register("academy.communes", entry)
        link = registry.ResourceLink(
            _("Conventions et avenants"),
            "onboarding:conventions",
            "signature",
            STAFF,
            25,
            "onboarding.view_communes",
        )
        registry.resource_links.register("academy.conventions", link)
        link = registry.ResourceLink(
            _("Vagues de communes"), "onboarding:waves", "users-three", STAFF, 30, "onboarding.manage_case"
        )
        registry.resource_links.register("academy.waves", link)
        link = registry.ResourceLink(
            _("Modèles de convention"), "onboarding:templates", "file-text", STAFF, 40, "onboarding.manage_templates"
        )
        registry.resource_links.register("academy.templates", link)
        link = registry.ResourceLink(
            _("Historique des adhésions"),
            "onboarding:adhesions",
            "upload-simple",
            STAFF,
            45,
            "onboarding.load_adhesions",
        )
        registry.resource_links.register("academy.adhesions", link)
        link = registry.ResourceLink(
            _("L’équipe de l’académie"), "onboarding:staff", "users-three", STAFF, 50, "onboarding.manage_staff"
        )
        registry.resource_links.register("academy.staff", link)
        link = registry.ResourceLink(
            _("Prouver l’isolement"), "onboarding:isolation", "shield-check", STAFF, 60, "onboarding.prove_isolation"
        )
        registry.resource_links.register("academy.isolation", link)
