from django.apps import AppConfig
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import packages, registry

ADULTS = frozenset({"guardian", "teacher", "head", "municipal", "moving"})


class NewsConfig(AppConfig):
    """News of the schools and of the town, in threads; flashes over every page until « J’ai lu ».

    For everybody who has a place in a school (read, comment), teachers, heads and the school service (publish). What
    the town says in a school waits for its head, unless the convention frees it.
    """

    name = "tenant_apps.news"
    verbose_name = _("actualités")
    _town = packages.town(only=Q(school=None))
    packages = {
        "Thread": (packages.school("school", only=Q(school__isnull=False)), _town),
        "Post": (packages.school("school", only=Q(school__isnull=False)), _town),
        "Reach": packages.school("school"),
        "Comment": packages.school("post__school", only=Q(post__school__isnull=False)),
        "Reading": packages.apart("qui a ouvert quoi : compté, jamais transmis"),
    }

    def ready(self) -> None:
        from tenant_apps.news import attachments, flashes, home, notifications, permissions, works  # noqa: F401

        registry.file_readers.register(attachments.PURPOSE, attachments.may_read)
        registry.outbox_handlers.register(notifications.TELL, notifications.tell)
        published = registry.NoticeType(_("Une actualité"), ADULTS, theme="school", has_push=False)
        registry.notice_types.register("news", published)
        registry.todo_sources.register("news", home.todos)
        registry.flashes.register("news", flashes.flash)
        registry.personal_data.register("news", works.personal_data)
        registry.erasers.register("news", works.erase)
        link = registry.ResourceLink
        registry.resource_links.register("school_news", link(_("Les actualités"), "news:news", "newspaper", ADULTS, 14))
        pupils = link(_("Les nouvelles"), "news:news", "bell", frozenset({"pupil"}), 14)
        registry.resource_links.register("school_news.pupil", pupils)
