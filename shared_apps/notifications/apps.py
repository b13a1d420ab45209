from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages, registry

EVERYBODY_BUT_PUPILS = frozenset({"head", "teacher", "moving", "guardian", "municipal", "academy"})


class NotificationsConfig(AppConfig):
    """The outbox of effects, and what reaches whom, when and how."""

    name = "shared_apps.notifications"
    verbose_name = _("notifications")
    packages = {
        "OutboxEntry": packages.apart("des effets à produire, déjà produits"),
        "Notification": packages.apart("des annonces de ce qui est ailleurs dans le paquet"),
        "Preference": packages.apart("des réglages de chacun"),
        "PushSubscription": packages.apart("les navigateurs que chacun fait prévenir, et rien d’autre"),
    }

    def ready(self) -> None:
        from shared_apps.notifications import digests, mail, outbox, push, services, types, uplink

        registry.notice_types.register(types.OTHER, registry.NoticeType(_("Le reste"), types.EVERYBODY))
        # A stranger at one’s account is said at once, to who can still close the door.
        safety = registry.NoticeType(_("La sécurité du compte"), types.EVERYBODY, is_urgent=True, is_fixed=True)
        registry.notice_types.register("accounts", safety)
        registry.outbox_handlers.register("notifications.mail", mail.send_notification)
        registry.outbox_handlers.register(push.KIND, push.send)
        registry.outbox_handlers.register(digests.PLAN, digests.plan)
        registry.outbox_handlers.register(digests.DIGEST, digests.send)
        registry.outbox_handlers.register(uplink.KIND, uplink.deliver)
        registry.ports.register("outbox", outbox.put)
        registry.ports.register("notify", services.notify)
        registry.resource_links.register(
            "notifications",
            registry.ResourceLink(_("Ce qu’on m’a envoyé"), "notifications:list", "bell", EVERYBODY_BUT_PUPILS, 90),
        )
