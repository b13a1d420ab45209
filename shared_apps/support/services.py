"""What agents do: follow a request, answer it in the commune, give it back; ask to look in, and end it. And the texts
they keep ready.

Their words go down by the named doors of `core.registry.support_doors`, in the commune's own schema and audit; nothing
of a thread is kept here.
"""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from core import registry
from core.errors import DomainError
from core.ids import uuid7
from core.tenancy import in_schema
from shared_apps.accounts.models import User
from shared_apps.audit.services import record
from shared_apps.support.models import AccessRequest, CannedAnswer, CannedText, TicketHeader
from shared_apps.support.vocabulary import AccessState, EndedBy, Level, Scope
from tenants.models import Commune


def agent_number(agent: User, commune: Commune) -> str:
    """How a commune knows an agent: always the same there, another elsewhere, and nobody's outside the academy."""
    digest = salted_hmac("ent.support.agent", f"{commune.schema_name}:{agent.pk}", algorithm="sha256").digest()
    return str(UUID(bytes=digest[:16]))


def _through(commune: Commune, door: str, facts: dict[str, Any]) -> Any:
    if not commune.is_reachable:
        raise DomainError(_("L’espace de %(town)s est fermé.") % {"town": commune}, code="closed")
    with in_schema(commune.schema_name), transaction.atomic():
        return registry.support_doors[door](facts)


# --- requests


@transaction.atomic
def read_thread(*, actor: User, header: TicketHeader) -> list[dict[str, Any]]:
    """What the commune opens of it: the first line says the subject, then the messages. Nothing without its word."""
    _check(actor, "helpdesk.work_tickets")
    if not (header.is_readable and header.level == Level.ACADEMY):
        return []
    record(actor=actor, action="support.thread_read", obj=header)
    facts = {"ticket": str(header.pk), "agent": agent_number(actor, header.commune)}
    return _through(header.commune, "thread", facts)


@transaction.atomic
def assign(*, actor: User, header: TicketHeader, to: User | None) -> TicketHeader:
    """To an agent, or to nobody again."""
    _check(actor, "helpdesk.work_tickets")
    header = _locked(header)
    header.assigned_to = to
    header.save(update_fields=["assigned_to", "updated_at"])
    record(actor=actor, action="support.ticket_assigned", obj=header, to=str(to.pk) if to else "")
    return header


@transaction.atomic
def answer(
    *,
    actor: User,
    header: TicketHeader,
    body: str,
    waits: bool = False,
    solves: bool = False,
    canned: CannedText | None = None,
) -> None:
    """In the commune's thread. Its header comes back up with the new state. Raises DomainError."""
    _check(actor, "helpdesk.work_tickets")
    header = _locked(header)
    sent = f"{canned.answer_id}:{canned.number}" if canned else ""
    facts = {"body": body, "waits": waits, "solves": solves, "canned": sent}
    _through(header.commune, "answer", facts | _who(actor, header))
    if header.assigned_to_id is None:
        header.assigned_to = actor
        header.save(update_fields=["assigned_to", "updated_at"])
    record(actor=actor, action="support.ticket_answered", obj=header, canned=sent, solves=solves)


@transaction.atomic
def give_back(*, actor: User, header: TicketHeader, body: str) -> None:
    """To the referent of the place, who knows better."""
    _check(actor, "helpdesk.work_tickets")
    header = _locked(header)
    _through(header.commune, "give_back", {"body": body} | _who(actor, header))
    record(actor=actor, action="support.ticket_returned", obj=header)


def _who(actor: User, header: TicketHeader) -> dict[str, Any]:
    return {"ticket": str(header.pk), "agent": agent_number(actor, header.commune)}


def _locked(header: TicketHeader) -> TicketHeader:
    return TicketHeader.objects.select_for_update(of=("self",)).select_related("commune").get(pk=header.pk)


# --- looking in


@transaction.atomic
def ask_access(
    *,
    actor: User,
    commune: Commune,
    scope: str,
    reason: str,
    minutes: int,
    uai: str = "",
    words: str = "",
    ticket: TicketHeader | None = None,
) -> AccessRequest:
    """Nothing opens by it. The words go down and are not kept here. Raises DomainError, nothing being written."""
    _check(actor, "helpdesk.ask_access")
    uai = uai if scope == Scope.SCHOOL else ""
    if any(row.is_waiting or row.is_running for row in AccessRequest.objects.filter(agent=actor, commune=commune)):
        words_ = _("Vous avez déjà une demande ou un accès en cours à %(town)s.")
        raise DomainError(words_ % {"town": commune}, code="already")
    facts = {"scope": scope, "uai": uai, "reason": reason, "minutes": minutes}
    row = AccessRequest.objects.create(id=uuid7(), agent=actor, commune=commune, ticket=ticket, **facts)
    only_there = {"words": words, "ticket": str(ticket.pk) if ticket else None}
    _through(commune, "ask_access", facts | only_there | _which(row))
    record(actor=actor, action="support.access_asked", obj=row, schema=commune.schema_name, scope=scope, uai=uai)
    return row


@transaction.atomic
def withdraw_access(*, actor: User, access: AccessRequest) -> None:
    """By the agent: at any time, asked or granted."""
    row = AccessRequest.objects.select_for_update(of=("self",)).select_related("commune", "agent").get(pk=access.pk)
    if row.agent_id != actor.pk:
        raise PermissionDenied
    if row.state not in (AccessState.ASKED, AccessState.GRANTED):
        return
    row.state, row.ended_by, row.ended_at = AccessState.ENDED, EndedBy.AGENT, timezone.now()
    row.save()
    _through(row.commune, "withdraw_access", _which(row))
    record(actor=actor, action="support.access_withdrawn", obj=row)


def _which(row: AccessRequest) -> dict[str, Any]:
    return {"access": str(row.pk), "agent": agent_number(row.agent, row.commune)}


# --- texts kept ready


@transaction.atomic
def write_canned(
    *, actor: User, title: str, category: str, body: str, canned: CannedAnswer | None = None
) -> CannedText:
    """A new answer, or a new version of one: what was sent before stays as it was sent."""
    _check(actor, "helpdesk.write_canned")
    if canned is None:
        canned = CannedAnswer.objects.create(title=title, category=category)
    else:
        canned = CannedAnswer.objects.select_for_update().get(pk=canned.pk)
        canned.title, canned.category = title, category
        canned.save()
    last = canned.texts.first()
    if last is not None and last.body == body:
        return last
    text = canned.texts.create(number=last.number + 1 if last else 1, body=body, written_by=actor)
    record(actor=actor, action="support.canned_written", obj=text, number=text.number)
    return text


@transaction.atomic
def archive_canned(*, actor: User, canned: CannedAnswer) -> None:
    _check(actor, "helpdesk.write_canned")
    CannedAnswer.objects.filter(pk=canned.pk).update(is_archived=True, updated_at=timezone.now())
    record(actor=actor, action="support.canned_archived", obj=canned)


def _check(actor: User, permission: str) -> None:
    if not actor.has_perm(permission):
        raise PermissionDenied
