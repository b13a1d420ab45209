from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages, registry

WRITERS = frozenset({"guardian", "teacher", "head", "municipal"})
_PRIVATE = packages.apart("la correspondance des personnes : chacune emporte la sienne")


class MessagesConfig(AppConfig):
    """Messages between people whom the matrix of rights lets write to each other.

    For everybody from CM1 on. Nobody reads somebody else's: a head sees what was reported, the town nothing.
    """

    name = "tenant_apps.messages"
    label = "messaging"  # Django's own flash messages bear the other name
    verbose_name = _("messages")
    packages = {
        "Message": _PRIVATE,
        "Copy": _PRIVATE,
        "Preference": packages.apart("des réglages de chacun"),
        "RecipientList": packages.apart("des réglages de chacun"),
        "Report": packages.apart("des signalements, que la direction a traités"),
    }

    def ready(self) -> None:
        from tenant_apps.messages import (
            attachments,
            delivery,
            home,
            limits,
            measures,
            permissions,  # noqa: F401  (declares the rights)
            reported,
            works,
        )

        registry.file_readers.register(attachments.PURPOSE, attachments.may_read)
        registry.notice_types.register(
            "messaging.received", registry.NoticeType(_("Un message"), WRITERS, theme="words")
        )
        registry.outbox_handlers.register(delivery.DELIVER, delivery.deliver)
        registry.todo_sources.register("messaging", home.todos)
        registry.personal_data.register("messaging", works.personal_data)
        registry.erasers.register("messaging", works.erase)
        registry.send_counters.register("messaging", limits.sent_since)
        for kind, act in measures.MEASURES.items():
            registry.emergency_measures.register(kind, act)
        entry = registry.MenuEntry(
            _("Messages"), "messaging:inbox", "chat-circle-text", WRITERS, order=20, permission="messaging.use"
        )
        registry.menu_entries.register("messaging", entry)
        link = registry.ResourceLink(
            _("Messages"), "messaging:inbox", "envelope", frozenset({"pupil"}), 10, "messaging.use"
        )
        registry.resource_links.register("messaging.pupil", link)
        registry.reported.register("messaging", reported.REPORTED)
