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
        from tenant_apps.attendance import attachments, counts, notifications, permissions  # noqa: F401  (rights)

        registry.file_readers.register(attachments.PURPOSE, attachments.may_read)
        registry.head_counts.register("attendance", counts.head_counts)
        registry.outbox_handlers.register(notifications.FAMILIES, notifications.tell_families)
