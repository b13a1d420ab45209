from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages, registry


class AttendanceConfig(AppConfig):
    """Attendance by half-day: the call of a class, what families announce, how an absence is judged.

    For teachers and heads (call, correct, judge) and guardians (announce). The town reads counts by the registry.
    """

    name = "tenant_apps.attendance"
    verbose_name = _("appel et absences")
    packages = {
        "RollCall": packages.school("school_class__school"),
        "Mark": packages.school("roll_call__school_class__school"),
        "Correction": packages.school("roll_call__school_class__school"),
        "Announcement": packages.school("pupil__enrollments__school_class__school"),
    }

    def ready(self) -> None:
        from tenant_apps.attendance import (  # noqa: F401
            agenda,
            attachments,
            counts,
            holding,
            home,
            notifications,
            permissions,
        )

        self._declare_notices()
        registry.agenda_sources.register("attendance", agenda.lines)
        registry.file_readers.register(attachments.PURPOSE, attachments.may_read)
        registry.head_counts.register("attendance", counts.head_counts)
        registry.outbox_handlers.register(notifications.FAMILIES, notifications.tell_families)
        registry.personal_data.register("attendance", holding.personal_data)
        registry.erasers.register("attendance", holding.erase)
        registry.todo_sources.register("attendance", home.todos)
        for name, link in self._links().items():
            registry.resource_links.register(f"attendance.{name}", link)

    def _declare_notices(self) -> None:
        families, school, kind = frozenset({"guardian"}), frozenset({"teacher", "head"}), registry.NoticeType
        # A child that did not arrive is said at once, whatever the hour.
        registry.notice_types.register(
            "attendance.absent", kind(_("Une absence à expliquer"), families, "do", "presence", is_urgent=True)
        )
        lifted = kind(_("Une absence levée"), families, theme="presence", is_urgent=True)
        registry.notice_types.register("attendance.here", lifted)
        announced = kind(_("Une absence annoncée par une famille"), school, theme="presence")
        registry.notice_types.register("attendance", announced)

    def _links(self) -> dict[str, registry.ResourceLink]:
        families, school = frozenset({"guardian"}), frozenset({"teacher", "head"})
        town = frozenset({"municipal", "head"})
        link = registry.ResourceLink
        return {
            "calls": link(_("L’appel"), "attendance:board", "list-checks", school, 5),
            "announced": link(_("Absences annoncées"), "attendance:announcements", "calendar-x", school, 15),
            "counts": link(
                _("Effectifs du jour"), "attendance:head_count", "fork-knife", town, 16, "attendance.view_head_count"
            ),
            "absences": link(_("Les absences"), "attendance:absences", "calendar-x", families, 15),
            "declare": link(_("Annoncer une absence"), "attendance:declare", "megaphone-simple", families, 5),
        }
