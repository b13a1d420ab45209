from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import registry


class LifecycleConfig(AppConfig):
    """A convention’s end: terms and renewal, suspension, read only, archive, packages, erasure. Public schema only."""

    name = "shared_apps.lifecycle"
    verbose_name = _("vie des conventions")

    def ready(self) -> None:
        from shared_apps.lifecycle import handover, mails, permissions  # noqa: F401  (declares the rights)

        registry.outbox_handlers.register(mails.REMINDER, mails.send_reminder)
        registry.outbox_handlers.register(mails.HANDOVER, mails.send_handover)
        registry.outbox_handlers.register(mails.DEADLINE, mails.send_deadline)
        link = registry.ResourceLink(
            _("À effacer"), "lifecycle:to_erase", "trash", frozenset({"academy"}), 50, "lifecycle.view_life"
        )
        registry.resource_links.register("academy.to_erase", link)
        registry.file_readers.register(handover.PURPOSE, handover.nobody)
