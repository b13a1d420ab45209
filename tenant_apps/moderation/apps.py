from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import registry


class ModerationConfig(AppConfig):
    """Foundation: words that a reader shows to the head of the school, and what the head decides of them.

    No table of its own: an app whose words can be reported keeps its reports (`models.AbstractReport`) and says in
    `core.registry.reported` how its words are read and hidden. The queue shows all of them.
    """

    name = "tenant_apps.moderation"
    verbose_name = _("signalements")

    def ready(self) -> None:
        from tenant_apps.moderation import permissions  # noqa: F401  (declares the right)

        reported = registry.NoticeType(_("Un message signalé"), frozenset({"head"}), "do", "words")
        registry.notice_types.register("moderation.reported", reported)
        everybody = frozenset({"guardian", "teacher", "head", "municipal"})
        decided = registry.NoticeType(_("Ce que la direction a décidé d’un signalement"), everybody)
        registry.notice_types.register("moderation.decided", decided)
        link = registry.ResourceLink(
            _("Messages signalés"), "moderation:queue", "flag", frozenset({"head"}), 65, "moderation.moderate"
        )
        registry.resource_links.register("moderation", link)
