from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages, registry

STAFF = frozenset({"teacher", "head", "moving"})


class TraineesConfig(AppConfig):
    """The academy's training seen from a commune: a teacher looks, registers, says what it was worth, keeps the proof.

    Who registers is known here only; the academy gets ids (ADR 0024). A commune's table: one, the registrations.
    """

    name = "tenant_apps.trainees"
    verbose_name = _("formations suivies")
    packages = {
        "TrainingRegistration": packages.apart(
            "la formation d’une personne et son avis, que la direction ne lit pas ; remis à chacun par « Mes données »"
        ),
    }

    def ready(self) -> None:
        from shared_apps.training import telling
        from tenant_apps.trainees import desk, home, permissions  # noqa: F401  (declares the rights)

        training = registry.NoticeType(_("Une formation"), STAFF, has_push=False)
        registry.notice_types.register("trainees", training)
        registry.training_desks.register(telling.DESK, registry.TrainingDesk(desk.hear, desk.names, desk.comments))
        registry.counters.register("trainees", home.counters)
        registry.todo_sources.register("trainees", home.todos)
        registry.personal_data.register("trainees", home.personal_data)
        link = registry.ResourceLink(_("Formations"), "trainees:offers", "graduation-cap", STAFF, order=60)
        registry.resource_links.register("trainees", link)
