"""The doors by which the academy's assistance acts in a commune without entering it. Each leaves its line in the audit
here, under the agent's opaque number; none reads more than one thread, that somebody of the place opened to it.
"""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from tenant_apps.support import notifications
from tenant_apps.support.models import Ticket, TicketMessage
from tenant_apps.support.services import tickets

Voice, Step = TicketMessage.Voice, TicketMessage.Step


def read_thread(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """Who speaks is a function, never a name: the academy gets no more than the words that were opened to it."""
    ticket = Ticket.objects.readable_by_the_academy().filter(pk=facts["ticket"]).first()
    if ticket is None:
        return []
    record(actor=None, action="support.thread_read", obj=ticket, agent=facts["agent"])
    lines = [_line(message) for message in ticket.messages.all()]
    return [{"subject": ticket.subject, "diagnostics": ticket.diagnostics}, *lines]


def _line(message: TicketMessage) -> dict[str, Any]:
    file = message.attachment
    return {
        "voice": message.voice,
        "who": message.get_voice_display(),
        "what": message.get_step_display(),
        "body": message.body,
        "at": message.created_at,
        "file": file.name if file else "",
    }


def answer(facts: dict[str, Any]) -> None:
    """`waits` for the person, or `solves`. Raises DomainError when the request is not the academy's any more."""
    ticket = _at_the_academy(facts["ticket"])
    tickets.answered(ticket, waits=facts["waits"], solves=facts["solves"])
    step = Step.SOLVED if facts["solves"] else Step.WORDS
    tickets.say(ticket, Voice.ACADEMY, facts["body"], agent=UUID(facts["agent"]), step=step)
    tickets.keep(ticket, None, "support.agent_answered", agent=facts["agent"], canned=facts["canned"])
    notifications.written(ticket)


def give_back(facts: dict[str, Any]) -> None:
    """To the referent of the place, with words. The thread closes to the academy at once."""
    ticket = _at_the_academy(facts["ticket"])
    ticket.level, ticket.state = Ticket.Level.SCHOOL, Ticket.State.IN_PROGRESS
    ticket.taken_at, ticket.answered_at, ticket.readable_until = timezone.now(), None, None
    tickets.say(ticket, Voice.ACADEMY, facts["body"], agent=UUID(facts["agent"]), step=Step.RETURNED)
    tickets.keep(ticket, None, "support.agent_returned", agent=facts["agent"])
    notifications.returned(ticket)


def _at_the_academy(pk: Any) -> Ticket:
    rows = Ticket.objects.select_for_update(of=("self",)).filter(pk=pk, level=Ticket.Level.ACADEMY)
    ticket = rows.first()
    if ticket is None or not ticket.is_open:
        raise DomainError(_("Cette demande n’est plus ouverte à l’académie."), code="not_there")
    return ticket
