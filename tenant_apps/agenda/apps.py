from django.apps import AppConfig
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import packages, registry


class AgendaConfig(AppConfig):
    """The agenda: dates of the commune, of the schools and of the classes, timetables, and what other apps date.

    For families (read, by child), teachers and heads (write theirs) and the school service (the commune's dates).
    """

    name = "tenant_apps.agenda"
    verbose_name = _("agenda")
    packages = {
        "Event": (packages.school("school", only=Q(school__isnull=False)), packages.town(only=Q(school=None))),
        "Lesson": packages.school("school_class__school"),
        "AppointmentSlot": packages.school("school_class__school"),
        "Booking": packages.school("slot__school_class__school"),
        "Feed": packages.apart("ce qui ouvre les pages de la plateforme, et rien d’autre"),
    }

    def ready(self) -> None:
        from tenant_apps.agenda import appointments, lines, notifications, permissions, personal_data  # noqa: F401  (rights)

        meeting = registry.NoticeType(_("Un rendez-vous"), frozenset({"guardian", "teacher"}), theme="words")
        registry.notice_types.register("agenda", meeting)
        families = frozenset({"guardian"})
        new = registry.NoticeType(
            _("Une nouvelle date de la classe"), families, theme="school", mail="daily", has_push=False
        )
        registry.notice_types.register(notifications.NEW, new)
        changed = registry.NoticeType(_("Une date de la classe qui change"), families, theme="school")
        registry.notice_types.register(notifications.CHANGED, changed)
        registry.outbox_handlers.register(notifications.FAMILIES, notifications.tell_families)
        registry.agenda_sources.register("agenda.dates", lines.dates)
        registry.agenda_sources.register("agenda.appointments", appointments.lines)
        registry.outbox_handlers.register(appointments.REMINDER, appointments.remind)
        registry.personal_data.register("agenda", personal_data.dates_of)
        registry.erasers.register("agenda", personal_data.erase)
        entry = registry.MenuEntry(_("Agenda"), "agenda:agenda", "calendar-blank", frozenset({"guardian"}), order=10)
        registry.menu_entries.register("agenda", entry)
        staff = frozenset({"teacher", "head", "municipal", "moving"})
        link = registry.ResourceLink(_("L’agenda"), "agenda:agenda", "calendar-blank", staff, order=12)
        registry.resource_links.register("agenda", link)
