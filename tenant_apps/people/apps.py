from django.apps import AppConfig
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import packages, registry
from tenant_apps.people.roles import MUNICIPAL, Role

OF_SCHOOLS = Q(assignments__role__in=set(Role) - MUNICIPAL)


class PeopleConfig(AppConfig):
    """Foundation: pupils, guardians, staff; who is linked to whom and since when. Pages of school and class."""

    name = "tenant_apps.people"
    verbose_name = _("personnes")
    packages = {
        "Person": (
            packages.school(
                "pupil__enrollments__school_class__school",
                "guardianships__pupil__enrollments__school_class__school",
                "assignments__school",
                only=Q(pupil__isnull=False) | Q(guardianships__isnull=False) | OF_SCHOOLS,
                also={"assignments__school": OF_SCHOOLS},
                without=("account",),
            ),
            packages.town(
                only=Q(assignments__role__in=MUNICIPAL),
                without=("account", "birth_date", "address", "postal_code", "city", "aaf_key"),
            ),
        ),
        "Pupil": packages.school("enrollments__school_class__school"),
        "Enrollment": packages.school("school_class__school"),
        "Guardianship": packages.school("pupil__enrollments__school_class__school"),
        "PickupPerson": packages.school("pupil__enrollments__school_class__school"),
        "PupilSupport": packages.school("pupil__enrollments__school_class__school"),
        "PupilGroup": packages.school("school"),
        "PupilGroupMember": packages.school("group__school"),
        "PupilGroupLeader": packages.school("group__school"),
        "Service": packages.town(),
        "StaffAssignment": (
            packages.school("school", "school_class__school", only=~Q(role__in=MUNICIPAL)),
            packages.town(only=Q(role__in=MUNICIPAL)),
        ),
        "PersonPair": packages.apart("un rapprochement de fiches, décidé ou à décider"),
    }

    def ready(self) -> None:
        from tenant_apps.people import exports, permissions, personal_data  # noqa: F401  (declares the rights)
        from tenant_apps.people.account_facts import ask_facts, heads, school_names, ties_of
        from tenant_apps.people.helpers import helpers_of
        from tenant_apps.people.profiles import COMPANION, ask_standing

        registry.session_companions.register(COMPANION, ask_standing)
        registry.account_facts.register("people", ask_facts)
        registry.account_ties.register("people", ties_of)
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
        staff = frozenset({"head", "teacher"})
        links["people.groups"] = (_("Groupes d’élèves"), "people:groups", "users-four", staff, 11)
        for name, (label, url_name, icon, profiles, order) in links.items():
            permission = "people.use_groups" if name == "people.groups" else ""
            link = registry.ResourceLink(label, url_name, icon, profiles, order, permission)
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
