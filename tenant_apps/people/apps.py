from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import registry


class PeopleConfig(AppConfig):
    """Foundation: pupils, guardians, staff; who is linked to whom and since when. Pages of school and class."""

    name = "tenant_apps.people"
    verbose_name = _("personnes")

    def ready(self) -> None:
        from tenant_apps.people import permissions  # noqa: F401  (declares the rights)
        from tenant_apps.people.account_facts import facts_of

        registry.account_facts.register("people", facts_of)

        entry, heads, teachers = registry.MenuEntry, frozenset({"head"}), frozenset({"teacher"})
        registry.menu_entries.register(
            "people.school", entry(_("École"), "people:school", "buildings", heads, order=10)
        )
        registry.menu_entries.register(
            "people.class", entry(_("Ma classe"), "people:my_classes", "users-three", teachers, order=10)
        )
