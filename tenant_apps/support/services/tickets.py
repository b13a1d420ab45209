"""A request for help: opened, answered, passed on, solved, reopened, judged. Referents here, then the academy."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from shared_apps.files import services as files
from shared_apps.support.vocabulary import READS_FOR
from tenant_apps.people.models import Enrollment
from tenant_apps.support import notifications
from tenant_apps.support.circles import referents_of, schools_of, scope_of
from tenant_apps.support.models import PURPOSE, Ticket, TicketMessage
from tenant_apps.support.services import headers

State, Level, Voice, Step = Ticket.State, Ticket.Level, TicketMessage.Voice, TicketMessage.Step


@transaction.atomic
def open_ticket(
    *, actor: Any, ticket: Ticket, body: str, profile: str, upload: File | None = None, shares: bool = False
) -> Ticket:
    """To the referent of the place; to the academy at once when the author is the referent, or when nobody is.

    `shares`: the author lets the academy read, should it come to that at once. Raises DomainError.
    """
    _check(actor, "support.ask_help")
    ticket.author, ticket.profile, ticket.scope = actor, profile, scope_of(profile)
    if ticket.scope == Ticket.Scope.TOWN:
        ticket.school = None
    elif ticket.school is None or not schools_of(actor, profile).filter(pk=ticket.school.pk).exists():
        raise DomainError(_("Choisissez l’école concernée."), code="no_school")
    ticket.taken_at = timezone.now()
    ticket.level = Level.SCHOOL if _is_answered_here(actor, ticket) else Level.ACADEMY
    if ticket.level == Level.ACADEMY and shares:
        ticket.readable_until = ticket.taken_at + READS_FOR
    ticket.save()
    say(ticket, Voice.AUTHOR, body, actor=actor, upload=upload)
    record(actor=actor, action="support.ticket_opened", obj=ticket, level=str(ticket.level))
    notifications.opened(ticket)
    headers.send(ticket)
    return ticket


def _is_answered_here(actor: Any, ticket: Ticket) -> bool:
    """The head asks the academy, not the ERUN of her school."""
    return not actor.has_perm("support.share", ticket) and referents_of(ticket).exists()


@transaction.atomic
def open_problem(*, actor: Any, what: str, body: str = "") -> Ticket:
    """« J’ai un problème »: a pupil, to the teachers of the class. Once a day for the same thing."""
    enrolled = Enrollment.objects.on().filter(pupil__person__account=actor).select_related("school_class__school")
    row = enrolled.first()
    if row is None:
        raise PermissionDenied
    school = row.school_class.school
    facts = {"author": actor, "profile": "pupil", "scope": Ticket.Scope.SCHOOL, "school": school}
    words = notifications.PROBLEMS[what]
    waiting = Ticket.objects.open().filter(author=actor, level=Level.CLASS, subject=str(words)).first()
    if waiting is not None:
        return waiting
    ticket = Ticket.objects.create(
        **facts, level=Level.CLASS, subject=str(words), category=Ticket.Category.OTHER, taken_at=timezone.now()
    )
    say(ticket, Voice.AUTHOR, body or str(words), actor=actor)
    record(actor=actor, action="support.problem_told", obj=ticket)
    notifications.problem_told(ticket)
    return ticket


@transaction.atomic
def write(
    *, actor: Any, ticket: Ticket, body: str, upload: File | None = None, waits: bool = False, solves: bool = False
) -> Ticket:
    """The author goes on, or a referent answers: and then waits for the person, or has solved it."""
    ticket = locked(ticket)
    _check(actor, "support.write", ticket)
    is_author = ticket.author_id == actor.pk
    if not is_author:
        answered(ticket, waits=waits, solves=solves)
    elif ticket.state == State.WAITING:
        ticket.state = State.IN_PROGRESS
    step = Step.SOLVED if solves and not is_author else Step.WORDS
    say(ticket, Voice.AUTHOR if is_author else Voice.REFERENT, body, actor=actor, upload=upload, step=step)
    keep(ticket, actor, "support.ticket_written")
    notifications.written(ticket, by=actor)
    return ticket


def answered(ticket: Ticket, *, waits: bool, solves: bool) -> None:
    """What an answer makes of the request, whoever gives it."""
    now = timezone.now()
    ticket.answered_at = ticket.answered_at or now
    ticket.state = State.SOLVED if solves else State.WAITING if waits else State.IN_PROGRESS
    ticket.solved_at = now if solves else None


@transaction.atomic
def escalate(*, actor: Any, ticket: Ticket, body: str = "", shares: bool = False) -> Ticket:
    """To the academy, whose time counts from now. `shares` is the head's word: the thread is read for some days."""
    ticket = locked(ticket)
    _check(actor, "support.escalate", ticket)
    if shares:
        _check(actor, "support.share", ticket)
    now = timezone.now()
    ticket.level, ticket.taken_at, ticket.answered_at, ticket.state = Level.ACADEMY, now, None, State.NEW
    ticket.readable_until = now + READS_FOR if shares else None
    say(ticket, Voice.REFERENT, body, actor=actor, step=Step.ESCALATED)
    keep(ticket, actor, "support.ticket_escalated", shared=shares)
    notifications.escalated(ticket)
    return ticket


@transaction.atomic
def share(*, actor: Any, ticket: Ticket, shares: bool) -> Ticket:
    """Let the academy read this thread from now on, or no more. The author too may take it back."""
    ticket = locked(ticket)
    _check(actor, "support.share" if shares else "support.stop_sharing", ticket)
    if shares and (ticket.level != Level.ACADEMY or not ticket.is_open):
        raise DomainError(_("Cette demande n’est pas à l’académie."), code="not_there")
    ticket.readable_until = timezone.now() + READS_FOR if shares else None
    keep(ticket, actor, "support.thread_shared" if shares else "support.thread_closed")
    return ticket


@transaction.atomic
def solve(*, actor: Any, ticket: Ticket) -> Ticket:
    ticket = locked(ticket)
    _check(actor, "support.solve", ticket)
    is_author = ticket.author_id == actor.pk
    ticket.state, ticket.solved_at = State.SOLVED, timezone.now()
    if not is_author:
        ticket.answered_at = ticket.answered_at or ticket.solved_at
    say(ticket, Voice.AUTHOR if is_author else Voice.REFERENT, "", actor=actor, step=Step.SOLVED)
    keep(ticket, actor, "support.ticket_solved")
    notifications.written(ticket, by=actor)
    return ticket


@transaction.atomic
def reopen(*, actor: Any, ticket: Ticket, body: str = "") -> Ticket:
    """Within fourteen days, to the level that solved it."""
    ticket = locked(ticket)
    _check(actor, "support.reopen", ticket)
    ticket.state, ticket.solved_at, ticket.reopened = State.REOPENED, None, ticket.reopened + 1
    ticket.rating, ticket.rating_words = None, ""
    say(ticket, Voice.AUTHOR, body, actor=actor, step=Step.REOPENED)
    keep(ticket, actor, "support.ticket_reopened")
    notifications.written(ticket, by=actor)
    return ticket


@transaction.atomic
def rate(*, actor: Any, ticket: Ticket, rating: int, words: str = "") -> Ticket:
    """The number goes up; the words stay here."""
    ticket = locked(ticket)
    _check(actor, "support.rate", ticket)
    if ticket.is_open:
        raise DomainError(_("On donne son avis quand la demande est résolue."), code="open")
    ticket.rating, ticket.rating_words = rating, words
    keep(ticket, actor, "support.ticket_rated", rating=rating)
    return ticket


def close_old() -> int:
    """Each night, in a commune: solved for fourteen days, nobody came back on it."""
    closed = list(Ticket.objects.to_close().order_by("pk"))
    for ticket in closed:
        with transaction.atomic():
            ticket = locked(ticket)
            ticket.state = State.CLOSED
            keep(ticket, None, "support.ticket_closed")
    return len(closed)


def say(
    ticket: Ticket,
    voice: str,
    body: str,
    *,
    actor: Any = None,
    agent: Any = None,
    step: str = Step.WORDS,
    upload: File | None = None,
) -> TicketMessage:
    message = TicketMessage.objects.create(
        ticket=ticket, author=actor, agent=agent, voice=voice, step=step, body=body.strip()
    )
    if upload:
        files.store(actor=actor, upload=upload, purpose=PURPOSE, object_id=message.pk)
    return message


def keep(ticket: Ticket, actor: Any, action: str, **facts: Any) -> None:
    ticket.save()
    record(actor=actor, action=action, obj=ticket, **facts)
    headers.send(ticket)


def locked(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)


def _check(actor: Any, permission: str, obj: Any = None) -> None:
    if not actor.has_perm(permission, obj):
        raise PermissionDenied
