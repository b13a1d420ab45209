from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages, registry


class PupilAccessConfig(AppConfig):
    """How a child who can't yet hold a password comes in: pictures or a card, while the teacher has opened the class;
    from CE2 on, a password a child can hold, given by the teacher.

    For teachers and heads (open, print, renew) and pupils (come in). It registers lines of the home page, a link of
    « À retrouver », the end of a pupil's session, and what a pupil who forgot asks.
    """

    name = "tenant_apps.pupil_access"
    verbose_name = _("entrée des élèves")
    packages = {
        "ClassDoor": packages.apart("sert à entrer dans la plateforme, et à rien d’autre"),
        "PupilKey": packages.apart("sert à entrer dans la plateforme, et à rien d’autre"),
    }

    def ready(self) -> None:
        from tenant_apps.pupil_access import home, hours, permissions, services  # noqa: F401  (declares the rights)

        registry.todo_sources.register("pupil_access", home.todos)
        registry.session_limits.register("pupil_access", hours.session_limit)
        registry.forgotten_by_pupils.register("pupil_access", services.ask_for_help_of)
        registry.personal_data.register("pupil_access", home.personal_data)
        registry.resource_links.register(
            "pupil_access",
            registry.ResourceLink(
                label=_("L’entrée des élèves"),
                url_name="pupil_access:classes",
                icon="qr-code",
                profiles=frozenset({"teacher", "head"}),
                order=20,
                permission="pupil_access.open_classes",
            ),
        )
