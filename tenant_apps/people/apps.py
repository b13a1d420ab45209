from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import registry


class PeopleConfig(AppConfig):
    """Foundation: pupils, guardians, staff; who is linked to whom and since when. Pages of school and class."""

    name = "tenant_apps.people"
    verbose_name = _("personnes")

    def ready(self) -> None:
        from tenant_apps.people import permissions  # noqa: F401  (declares the rights)
        from tenant_apps.people.account_facts import facts_of, school_names
        from tenant_apps.people.helpers import helpers_of

        registry.account_facts.register("people", facts_of)
        registry.account_helpers.register("people", helpers_of)
        registry.places.register("people", school_names)

        entries = {
            "people.school": (_("École"), "people:school", "house-line", "head"),
            "people.schools": (_("Écoles"), "people:school", "buildings", "municipal"),
            "people.class": (_("Ma classe"), "people:my_classes", "users-three", "teacher"),
        }
        for name, (label, url_name, icon, profile) in entries.items():
            entry = registry.MenuEntry(label, url_name, icon, frozenset({profile}), order=10)
            registry.menu_entries.register(name, entry)
        registry.resource_links.register(
            "people.duplicates",
            registry.ResourceLink(
                label=_("Fiches en double"),
                url_name="people:duplicates",
                icon="users-four",
                profiles=frozenset({"head"}),
                order=40,
            ),
        )
