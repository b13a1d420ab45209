"""A message as the head reads it once it is reported, and what hides it (`core.registry.reported`)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from core.registry import Reported, ReportedLine
from tenant_apps.messages import services
from tenant_apps.messages.models import Message, Report


def lines(reports: list[Report]) -> dict[Any, ReportedLine]:
    messages = Message.objects.select_related("author__person").in_bulk([row.message_id for row in reports])
    return {row.pk: _line(messages[row.message_id]) for row in reports}


def _line(message: Message) -> ReportedLine:
    to = ngettext("%(n)s personne l’a reçu.", "%(n)s personnes l’ont reçu.", message.reached) % {"n": message.reached}
    return ReportedLine(author=message.author_name, body=message.body, to=to, title=message.subject)


def path(message: Message, account: Any) -> str:
    is_there = message.is_sent or message.author_id == account
    return message.get_absolute_url() if is_there else reverse("messaging:inbox")


REPORTED = Reported(model=Report, lines=lines, withdraw=services.withdraw, path=path)
