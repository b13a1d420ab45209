from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages, registry


class YearChangeConfig(AppConfig):
    """Next year's classes: prepared as a draft by the head, shown to families on a date, in force on the first day.

    A draft lives in tables of its own: no page that shows classes or pupils can show it by mistake. The rule of last
    year's class is a foundation's (`people.last_year`); its page is here.
    """

    name = "tenant_apps.year_change"
    verbose_name = _("changement d’année")
    packages = {
        "YearDraft": packages.school("school"),
        "DraftClass": packages.school("draft__school"),
        "DraftClass_staff": packages.school("draftclass__draft__school"),
        "Placement": packages.school("draft__school"),
    }

    def ready(self) -> None:
        from tenant_apps.year_change import home, notifications, permissions  # noqa: F401  (declares the rights)

        placed = registry.NoticeType(_("La classe de l’an prochain"), frozenset({"guardian"}))
        registry.notice_types.register("year_change", placed)
        registry.outbox_handlers.register(notifications.ANNOUNCE, notifications.announce)
        registry.todo_sources.register("year_change", home.todos)
        registry.resource_links.register(
            "year_change.prepare",
            registry.ResourceLink(
                _("Préparer l’année prochaine"), "year_change:index", "calendar-check", frozenset({"head"}), 60
            ),
        )
        registry.resource_links.register(
            "year_change.classes",
            registry.ResourceLink(
                _("Classes d’avant et d’après"), "year_change:classes", "graduation-cap", frozenset({"guardian"}), 60
            ),
        )
        registry.resource_links.register(
            "year_change.shared",
            registry.ResourceLink(
                _("Classes de l’année prochaine"), "year_change:index", "calendar-check", frozenset({"teacher"}), 60
            ),
        )
