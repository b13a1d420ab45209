from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages, registry


class SurveysConfig(AppConfig):
    """Surveys of a school: a few questions to families, pupils or teachers, answered once, anonymously or not.

    For teachers and heads (ask, read the results) and those whom they ask. Never the town.
    """

    name = "tenant_apps.surveys"
    verbose_name = _("sondages")
    packages = {
        "Survey": packages.school("school"),
        "Survey_classes": packages.school("survey__school"),
        "Question": packages.school("survey__school"),
        "Ballot": packages.apart("qui a répondu : compté, jamais transmis"),
        "Response": packages.apart("des réponses, que l’école a lues"),
    }

    def ready(self) -> None:
        from tenant_apps.surveys import home, permissions, works  # noqa: F401  (declares the rights)

        registry.todo_sources.register("surveys", home.todos)
        registry.personal_data.register("surveys", works.personal_data)
        registry.erasers.register("surveys", works.erase)
        link = registry.ResourceLink
        adults = frozenset({"guardian", "teacher", "head"})
        registry.resource_links.register(
            "surveys", link(_("Les sondages"), "surveys:surveys", "list-checks", adults, 16)
        )
        pupils = link(_("Les sondages"), "surveys:surveys", "memo", frozenset({"pupil"}), 16)
        registry.resource_links.register("surveys.pupil", pupils)
