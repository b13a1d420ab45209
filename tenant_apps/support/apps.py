from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages, registry

STAFF = frozenset({"head", "teacher", "moving", "municipal"})


class SupportConfig(AppConfig):
    """Help: requests and their threads, which stay here; the academy's assistance, which comes in when the place says
    yes, looks, and is seen. For everybody; a pupil tells the teacher.
    """

    name = "tenant_apps.support"
    verbose_name = _("assistance")
    packages = {
        "Ticket": packages.apart(
            "un échange avec l’assistance sur la plateforme, remis à son auteur par « Mes données »"
        ),
        "TicketMessage": packages.apart("un échange avec l’assistance, remis à son auteur par « Mes données »"),
        "SupportAccess": packages.apart("un accès de quelques heures, que dit le journal"),
    }

    def ready(self) -> None:
        from tenant_apps.support import crossings, home, permissions, personal_data  # noqa: F401  (declares the rights)
        from tenant_apps.support.models import PURPOSE
        from tenant_apps.support.services import accesses, desk

        answered = registry.NoticeType(_("Une demande d’aide"), STAFF | {"guardian"}, "do", has_push=False)
        registry.notice_types.register("support", answered)
        registry.file_readers.register(PURPOSE, personal_data.may_read)
        registry.todo_sources.register("support", home.todos)
        registry.personal_data.register("support", personal_data.tickets_of)
        registry.erasers.register("support", personal_data.erase)
        doors = {
            "thread": desk.read_thread,
            "answer": desk.answer,
            "give_back": desk.give_back,
            "ask_access": accesses.ask,
            "withdraw_access": accesses.withdraw,
        }
        for name, door in doors.items():
            registry.support_doors.register(name, door)
        registry.crossings.register(_("Entrer comme assistance sans accord"), crossings.enter_without_a_grant)
        registry.crossings.register(_("Lire une demande d’aide sans accord"), crossings.read_a_closed_thread)
        links = {
            "support.help": (_("Aide"), "help", "lifebuoy", STAFF | {"guardian"}, 85, ""),
            "support.desk": (_("Demandes d’aide reçues"), "support:desk", "tray", STAFF, 75, "support.handle_tickets"),
            "support.accesses": (
                _("Accès de l’assistance"), "support:accesses", "shield-check", STAFF, 76, "support.decide_accesses"
            ),
        }  # fmt: skip
        for name, (label, url_name, icon, profiles, order, permission) in links.items():
            registry.resource_links.register(
                name, registry.ResourceLink(label, url_name, icon, profiles, order, permission)
            )
