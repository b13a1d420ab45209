"""Who may read and change the matrix, and ask why. Who may write to whom is told by `decisions`."""

from typing import Any

from rules import predicate

from core.permissions import declare
from tenant_apps.people.models import Person, StaffAssignment
from tenant_apps.people.roles import SCHOOL_STAFF, Role
from tenant_apps.rights import decisions


def _assignments(user: Any) -> Any:
    return StaffAssignment.objects.of(user).on()


@predicate
def is_of_the_school(user: Any, school: Any = None) -> bool:
    """Head, teacher, AESH: of this school; with none, of one."""
    mine = _assignments(user).filter(role__in=SCHOOL_STAFF)
    return (mine.filter(school=school) if school is not None else mine).exists()


@predicate
def heads(user: Any, school: Any) -> bool:
    return _assignments(user).filter(role=Role.HEAD, school=school).exists()


@predicate
def may_write_to(user: Any, recipient: Person) -> bool:
    me = Person.objects.filter(account=user).first()
    return me is not None and bool(decisions.may_write(me, recipient))


RIGHTS = declare(
    "rights",
    {
        "view_matrix": is_of_the_school,
        "change_matrix": heads,
        "ask_why": is_of_the_school,
        "write_to": may_write_to,
    },
)
