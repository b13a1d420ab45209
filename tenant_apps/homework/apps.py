from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages, registry


class HomeworkConfig(AppConfig):
    """The homework diary of a class or a group of pupils: what is to be done for when, by whom, and who did it.

    For teachers (write, follow), heads (visa, archive), guardians (read) and pupils (tick, hand in). Never the town.
    """

    name = "tenant_apps.homework"
    verbose_name = _("cahier de textes")
    packages = {
        "Homework": packages.school("school_class__school", "group__school"),
        "Homework_pupils": packages.school("homework__school_class__school", "homework__group__school"),
        "Progress": packages.school("homework__school_class__school", "homework__group__school"),
    }

    def ready(self) -> None:
        from tenant_apps.homework import agenda, attachments, notifications, permissions, works  # noqa: F401

        for purpose, may_read in attachments.READERS.items():
            registry.file_readers.register(purpose, may_read)
        told = registry.NoticeType(_("De nouveaux devoirs"), frozenset({"guardian"}), theme="school", has_push=False)
        registry.notice_types.register("homework", told)
        registry.outbox_handlers.register(notifications.FAMILIES, notifications.tell_families)
        registry.agenda_sources.register("homework", agenda.lines)
        registry.works.register("homework", works.works)
        registry.erasers.register("homework", works.erase)
        link = registry.ResourceLink
        adults = frozenset({"guardian", "teacher", "head"})
        registry.resource_links.register(
            "homework", link(_("Les devoirs"), "homework:home", "book-open-text", adults, 12)
        )
        pupils = link(_("Mes devoirs"), "homework:home", "notebook", frozenset({"pupil"}), 5)
        registry.resource_links.register("homework.pupil", pupils)
