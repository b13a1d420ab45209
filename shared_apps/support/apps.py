from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import registry

STAFF = frozenset({"academy"})


class HelpdeskConfig(AppConfig):
    """The académie's assistance: headers of requests, answers that go down, looking in when a commune says yes.
    Public schema only; the threads are `tenant_apps.support`'s.
    """

    name = "shared_apps.support"
    label = "helpdesk"
    verbose_name = _("assistance académique")

    def ready(self) -> None:
        from shared_apps.support import permissions, uplinks  # noqa: F401  (declares the rights)

        uplinks.declare()
        entry = registry.MenuEntry(
            _("Assistance"), "helpdesk:queue", "lifebuoy", STAFF, 50, permission="helpdesk.view_tickets"
        )
        registry.menu_entries.register("academy.support", entry)
