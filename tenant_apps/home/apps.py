from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import registry

STAFF = frozenset({"teacher", "head", "moving", "municipal"})


class HomeConfig(AppConfig):
    """The home page of each profile: « what must I do, for whom, before when? », from what the apps register."""

    name = "tenant_apps.home"
    verbose_name = _("accueil")

    def ready(self) -> None:
        from tenant_apps.home import signatures

        registry.todo_sources.register("signatures", signatures.todos)
        entries = {
            "home.guardian": (_("Accueil"), "house", frozenset({"guardian"})),
            "home.staff": (_("Aujourd’hui"), "sun-horizon", STAFF),
        }
        for name, (label, icon, profiles) in entries.items():
            registry.menu_entries.register(name, registry.MenuEntry(label, "home", icon, profiles, order=0))
