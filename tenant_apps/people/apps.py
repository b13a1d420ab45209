from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import registry


class PeopleConfig(AppConfig):
    """Foundation: pupils, guardians, staff; who is linked to whom and since when. Pages of school and class."""

    name = "tenant_apps.people"
    verbose_name = _("personnes")

    def ready(self) -> None:
        from tenant_apps.people import exports, permissions, personal_data  # noqa: F401  (declares the rights)
        from tenant_apps.people.account_facts import facts_of, heads, school_names
        from tenant_apps.people.helpers import helpers_of

        registry.account_facts.register("people", facts_of)
        registry.account_helpers.register("people", helpers_of)
        registry.places.register("people", school_names)
        registry.school_heads.register("people", heads)
        registry.personal_data.register("people.directory", personal_data.directory)
        registry.personal_data.register("people.foundations", personal_data.foundations)
        registry.outbox_handlers.register(exports.KIND, exports.deliver)
        registry.file_readers.register(exports.PURPOSE, exports.may_read)

        entries = {
            "people.school": (_("École"), "people:school", "house-line", "head"),
            "people.schools": (_("Écoles"), "people:school", "buildings", "municipal"),
            "people.class": (_("Ma classe"), "people:my_classes", "users-three", "teacher"),
        }
        for name, (label, url_name, icon, profile) in entries.items():
            entry = registry.MenuEntry(label, url_name, icon, frozenset({profile}), order=10)
            registry.menu_entries.register(name, entry)
        everybody = frozenset({"head", "teacher", "municipal", "guardian"})
        links = {
            "people.my_children": (_("Mes enfants"), "people:my_children", "users-three", frozenset({"guardian"}), 10),
            "people.my_profile": (_("Mon profil"), "people:my_profile", "user-circle", everybody, 80),
            "people.my_data": (_("Mes données"), "people:my_data", "download-simple", everybody, 90),
        }
        for name, (label, url_name, icon, profiles, order) in links.items():
            link = registry.ResourceLink(label, url_name, icon, profiles, order)
            registry.resource_links.register(name, link)
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
