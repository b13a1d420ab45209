from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages, registry


class OutingsConfig(AppConfig):
    """The outings of a class: authorisation signed by the guardians, who goes, who comes along, the list of the day.

    For teachers and heads (organise, follow) and guardians (sign, offer to come). Never the town.
    """

    name = "tenant_apps.outings"
    verbose_name = _("sorties")
    packages = {
        "Outing": packages.school("school_class__school"),
        "Companion": packages.school("outing__school_class__school"),
    }

    def ready(self) -> None:
        from tenant_apps.outings import (
            agenda,
            home,
            notifications,
            permissions,  # noqa: F401  (declares the rights)
            services,
            works,
        )
        from tenant_apps.outings.querysets import PURPOSE

        families = frozenset({"guardian"})
        to_sign = registry.NoticeType(_("Une sortie à signer"), families, "sign", is_for_the_family=True)
        registry.notice_types.register("outings.to_sign", to_sign)
        withdrawn = registry.NoticeType(_("Une sortie annulée"), families, theme="school", is_for_the_family=True)
        registry.notice_types.register("outings.withdrawn", withdrawn)
        registry.outbox_handlers.register(notifications.REMINDER, services.remind_before_due)
        registry.agenda_sources.register("outings", agenda.lines)
        registry.signature_lines.register(PURPOSE, registry.SignatureLines(home.of_guardian))
        registry.personal_data.register("outings", works.personal_data)
        registry.erasers.register("outings", works.erase)
        adults = frozenset({"guardian", "teacher", "head"})
        link = registry.ResourceLink(_("Les sorties"), "outings:outings", "bus", adults, 11)
        registry.resource_links.register("outings", link)
