"""What was said about a note as the head reads it once it is reported, and what hides it (`core.registry.reported`)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.registry import Reported, ReportedLine
from tenant_apps.liaison import threads
from tenant_apps.liaison.models import Reply, ReplyReport
from tenant_apps.people.models import Enrollment


def lines(reports: list[ReplyReport]) -> dict[Any, ReportedLine]:
    rows = Reply.objects.select_related("author", "note", "pupil__person")
    replies = rows.in_bulk([row.reply_id for row in reports])
    pupils = {reply.pupil_id for reply in replies.values()}
    # The head no more opens the exchange of a child who left.
    placed = Enrollment.objects.on().filter(pupil__in=pupils).values_list("pupil", "school_class__school")
    there = set(placed)
    return {
        row.pk: _line(reply, is_there=(reply.pupil_id, reply.note.school_id) in there)
        for row in reports
        if (reply := replies[row.reply_id])
    }


def _line(reply: Reply, *, is_there: bool) -> ReportedLine:
    facts = {"child": reply.pupil.person.full_name, "title": reply.note.title}
    to = _("Écrit à l’école pour %(child)s, à propos du mot « %(title)s ».")
    if reply.is_from_school:
        to = _("Écrit aux responsables de %(child)s, à propos du mot « %(title)s ».")
    url = reverse("liaison:thread", args=[reply.note_id, reply.pupil_id]) if is_there else ""
    return ReportedLine(author=str(reply.author), body=reply.body, to=to % facts, url=url)


def path(reply: Reply, _account: Any) -> str:
    """The note sends each reader to their own page of it."""
    return reply.note.get_absolute_url()


REPORTED = Reported(model=ReplyReport, lines=lines, withdraw=threads.withdraw, path=path)
