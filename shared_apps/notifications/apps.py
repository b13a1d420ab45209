from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """The outbox of effects, and what reaches whom, when and how."""

    name = "shared_apps.notifications"
    verbose_name = _("notifications")

    def ready(self) -> None:
        from core import registry
        from shared_apps.notifications import mail

        registry.outbox_handlers.register("notifications.mail", mail.send_notification)
