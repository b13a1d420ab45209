"""What the home page says: requests to answer, an access to decide, an answer to read."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.registry import Todo
from shared_apps.support.hours import TARGETS, due_after
from shared_apps.support.vocabulary import Level, State
from tenant_apps.people.models import Pupil
from tenant_apps.support.models import SupportAccess, Ticket

REFERENTS = {"head", "teacher", "municipal", "moving"}


def todos(user: Any, profile: str) -> Iterable[Todo]:
    if profile not in REFERENTS:
        return []
    return [*_accesses(user, profile), *_tickets(user, profile)]


def _accesses(user: Any, profile: str) -> list[Todo]:
    if profile not in {"head", "municipal"}:
        return []
    rows = SupportAccess.objects.waiting().decided_by(user).select_related("school")
    return [
        Todo(
            when=timezone.localdate(row.created_at),
            kind="decide",
            title=_("L’assistance académique demande à consulter : %(what)s") % {"what": row},
            detail=_("En lecture seule, %(minutes)s minutes au plus. Rien n’est ouvert sans vous.")
            % {"minutes": row.minutes},
            url=reverse("support:accesses"),
            action=_("Décider"),
            is_urgent=True,
        )
        for row in rows.order_by("created_at", "pk")
    ]


def _tickets(user: Any, profile: str) -> list[Todo]:
    waiting = (State.NEW, State.REOPENED, State.IN_PROGRESS)
    rows = Ticket.objects.handled_by(user).filter(state__in=waiting).exclude(level=Level.ACADEMY)
    rows = list(rows.select_related("author").order_by("created_at", "pk")[:20])
    names = _first_names([row for row in rows if row.level == Level.CLASS])
    return [_todo(row, names) for row in rows]


def _todo(row: Ticket, names: dict[Any, str]) -> Todo:
    who = names.get(row.author_id) or str(row.author)
    answer, _solution = TARGETS[Ticket.Priority(row.priority)]
    return Todo(
        when=timezone.localdate(due_after(row.taken_at, answer)),
        kind="do",
        title=_("%(name)s a un problème") % {"name": who}
        if row.level == Level.CLASS
        else _("Demande d’aide : %(subject)s") % {"subject": row.subject},
        detail=row.subject if row.level == Level.CLASS else who,
        url=row.get_absolute_url(),
        action=_("Voir") if row.level == Level.CLASS else _("Répondre"),
        is_urgent=row.priority == Ticket.Priority.URGENT,
    )


def _first_names(rows: list[Ticket]) -> dict[Any, str]:
    if not rows:
        return {}
    pupils = Pupil.objects.filter(person__account__in=[row.author_id for row in rows])
    return dict(pupils.values_list("person__account", "person__first_name"))
