from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages, registry


class LiaisonConfig(AppConfig):
    """The liaison notebook, model of a feature: the school writes a note, guardians read it and, when asked, sign.

    For teachers and heads (write, follow), guardians (read, sign). It registers lines of the home page, counters of the
    roll-up and a menu entry; it meets the other features nowhere else.
    """

    name = "tenant_apps.liaison"
    verbose_name = _("cahier de liaison")
    packages = {
        "LiaisonNote": packages.school("school"),
        "Reply": packages.school("note__school"),
        "ReplyReport": packages.apart("des signalements, que la direction a traités"),
        "ThreadReading": packages.apart("qui a lu quel échange jusqu’à quand : un repère, jamais transmis"),
        "LiaisonNote_classes": packages.school("liaisonnote__school"),
        "LiaisonNote_pupils": packages.school("liaisonnote__school"),
    }

    def ready(self) -> None:
        from tenant_apps.liaison import (  # permissions: declares the rights
            attachments,
            home,
            notifications,
            permissions,  # noqa: F401
            reported,
            services,
            threads,
            works,
        )
        from tenant_apps.liaison.querysets import PURPOSE

        families, staff = frozenset({"guardian"}), frozenset({"teacher", "head"})
        to_sign = registry.NoticeType(_("Un mot à signer"), families, "sign", is_for_the_family=True)
        registry.notice_types.register("liaison.to_sign", to_sign)
        to_read = registry.NoticeType(_("Un mot à lire"), families, theme="words", mail="daily", is_for_the_family=True)
        registry.notice_types.register("liaison.to_read", to_read)
        answered = registry.NoticeType(_("Une réponse de l’école sur un mot"), families, theme="words")
        registry.notice_types.register("liaison.answered", answered)
        reply = registry.NoticeType(_("Une famille vous écrit sur un mot"), staff, theme="words", mail="daily")
        registry.notice_types.register("liaison.reply", reply)
        not_sent = registry.NoticeType(_("Un mot prévu n’est pas parti"), staff, "do", "words")
        registry.notice_types.register("liaison.not_sent", not_sent)
        registry.file_readers.register("liaison.note", attachments.may_read)
        registry.outbox_handlers.register(notifications.REMINDER, services.remind_before_due)
        registry.outbox_handlers.register(notifications.PUBLISH, services.publish_planned)
        registry.outbox_handlers.register(threads.DELIVER, threads.deliver)
        registry.reported.register("liaison", reported.REPORTED)
        registry.personal_data.register("liaison", works.personal_data)
        registry.todo_sources.register("liaison", home.todos)
        registry.signature_lines.register(PURPOSE, registry.SignatureLines(home.of_guardian, home.waiting.asked))
        registry.works.register("liaison", works.works)
        registry.last_year_sources.register("liaison", works.last_year)
        registry.erasers.register("liaison", works.erase)
        registry.counters.register("liaison", home.counters)
        registry.resource_links.register(
            "liaison",
            registry.ResourceLink(
                label=_("Les mots"),
                url_name="liaison:notes",
                icon="note-pencil",
                profiles=frozenset({"guardian", "teacher", "head"}),
                order=10,
            ),
        )
        registry.home_actions.register(
            "liaison.write",
            registry.ResourceLink(
                label=_("Écrire un mot"),
                url_name="liaison:write",
                icon="pencil-simple-line",
                profiles=frozenset({"teacher", "head"}),
            ),
        )
