from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages, registry


class ReportCardsConfig(AppConfig):
    """The school report of cycles 2 and 3: written by the teachers, validated by the head, signed by the guardians."""

    name = "tenant_apps.report_cards"
    verbose_name = _("livret scolaire")
    packages = {
        "ReportPeriod": packages.school("school"),
        "ReportCard": packages.school("period__school"),
        "DomainResult": packages.school("report__period__school"),
        "Edition": packages.school("report__period__school"),
    }

    def ready(self) -> None:
        from tenant_apps.report_cards import holding, home, notices, permissions  # noqa: F401  (declares the rights)

        registry.personal_data.register("report_cards", holding.personal_data)
        registry.erasers.register("report_cards", holding.erase)
        registry.works.register("report_cards", holding.works)
        registry.last_year_sources.register("report_cards", holding.last_year)
        registry.todo_sources.register("report_cards", home.todos)
        to_sign = registry.NoticeType(_("Un livret à signer"), frozenset({"guardian"}), "sign")
        registry.notice_types.register(notices.KIND, to_sign)
        everybody = frozenset({"guardian", "pupil", "teacher", "head"})
        registry.resource_links.register(
            "report_cards",
            registry.ResourceLink(_("Le livret scolaire"), "report_cards:index", "notebook", everybody, 20),
        )
