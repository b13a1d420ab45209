"""Who asks, who answers, who passes on, who lets the academy in."""

from typing import Any

from rules import predicate

from core.permissions import declare
from shared_apps.support.vocabulary import Level, Scope
from tenant_apps.people.models import StaffAssignment
from tenant_apps.people.profiles import profiles_of
from tenant_apps.schools.models import School
from tenant_apps.support.models import SupportAccess, Ticket


@predicate
def is_an_adult_with_a_place(user: Any, _obj: Any = None) -> bool:
    return bool(set(profiles_of(user)) - {"pupil"})


@predicate
def is_author(user: Any, ticket: Ticket) -> bool:
    return ticket.author_id == user.pk


@predicate
def handles(user: Any, ticket: Ticket) -> bool:
    return Ticket.objects.handled_by(user).filter(pk=ticket.pk).exists()


@predicate
def keeps_the_place(user: Any, ticket: Ticket) -> bool:
    """The head of the school, the officer of the school service: who may let the assistance read."""
    if ticket.scope == Scope.TOWN:
        return StaffAssignment.objects.of(user).on().for_the_whole_commune().exists()
    return School.objects.headed_by(user).filter(pk=ticket.school_id).exists()


@predicate
def is_open(_user: Any, ticket: Ticket) -> bool:
    return ticket.is_open


@predicate
def is_at_the_school(_user: Any, ticket: Ticket) -> bool:
    return ticket.level == Level.SCHOOL


@predicate
def is_an_adults(_user: Any, ticket: Ticket) -> bool:
    return ticket.level != Level.CLASS


@predicate
def may_reopen(_user: Any, ticket: Ticket) -> bool:
    return ticket.may_reopen


@predicate
def answers_somebody(user: Any, _obj: Any = None) -> bool:
    """Has a desk: heads, teaches, helps as ERUN, serves the commune."""
    mine = StaffAssignment.objects.of(user).on()
    roles = {*StaffAssignment.TEACHING, StaffAssignment.Role.HEAD, StaffAssignment.Role.ERUN}
    return mine.filter(role__in=roles).exists() or mine.for_the_whole_commune().exists()


@predicate
def keeps_a_place(user: Any, _obj: Any = None) -> bool:
    mine = StaffAssignment.objects.of(user).on()
    return mine.heading().exists() or mine.for_the_whole_commune().exists()


@predicate
def decides(user: Any, access: SupportAccess) -> bool:
    return SupportAccess.objects.decided_by(user).filter(pk=access.pk).exists()


RIGHTS = declare(
    "support",
    {
        "ask_help": is_an_adult_with_a_place,
        "handle_tickets": answers_somebody,
        "write": is_open & (is_author | handles),
        "answer": is_open & handles,
        "solve": is_open & (is_author | handles),
        "escalate": is_open & is_at_the_school & handles,
        "share": is_an_adults & keeps_the_place,
        "stop_sharing": is_author | keeps_the_place,
        "reopen": may_reopen & is_author,
        "rate": is_author,
        "decide_accesses": keeps_a_place,
        "decide_access": decides,
    },
)
