"""Who uses messages, who writes to many. Who may write to whom is told by `rights`."""

from typing import Any

from rules import predicate

from core.permissions import declare
from tenant_apps.messages.querysets import UNFINISHED
from tenant_apps.people.models import Enrollment, Guardianship, StaffAssignment
from tenant_apps.people.profiles import INFORMED
from tenant_apps.people.roles import SCHOOL_STAFF
from tenant_apps.rights.ties import GRADES, PARTY_OF_ROLE, Party

WRITE = frozenset(PARTY_OF_ROLE) | {INFORMED}


@predicate
def has_a_box(user: Any, _obj: Any = None) -> bool:
    """Whom the matrix names, but the children before CM1. The menu of every page asks it: in a request, what one is
    there is known already, but for a pupil's grade.
    """
    standing = getattr(user, "standing", None)
    if standing is not None and standing.relations & WRITE:
        return True
    staff = StaffAssignment.objects.of(user).on().filter(role__in=PARTY_OF_ROLE)
    charge = Guardianship.objects.informed().of(user)
    older = Enrollment.objects.on().filter(pupil__person__account=user, grade__in=GRADES[Party.PUPIL])
    return staff.values("pk").union(charge.values("pk"), older.values("pk")).exists()


@predicate
def works_at_school(user: Any, _obj: Any = None) -> bool:
    return StaffAssignment.objects.of(user).on().filter(role__in=SCHOOL_STAFF).exists()


@predicate
def is_author(user: Any, message: Any) -> bool:
    return message.author_id == user.pk


@predicate
def is_unfinished(_user: Any, message: Any) -> bool:
    return message.state in UNFINISHED


@predicate
def is_draft(_user: Any, message: Any) -> bool:
    return message.is_draft


@predicate
def is_queued(_user: Any, message: Any) -> bool:
    return message.is_queued


@predicate
def is_sent(_user: Any, message: Any) -> bool:
    return message.is_sent


@predicate
def takes_answers(_user: Any, message: Any) -> bool:
    return not message.is_no_reply and message.author.is_active


RIGHTS = declare(
    "messaging",
    {
        "use": has_a_box,
        "change_message": is_author & is_draft & has_a_box,
        "send_message": is_author & is_draft & has_a_box,
        "drop_message": is_author & is_draft,
        "hold_message": is_author & is_queued,
        "recall_message": is_author & is_sent,
        "answer_message": is_sent & takes_answers & ~is_author & has_a_box,
        "report_message": is_sent & ~is_author,
        "close_to_answers": works_at_school,
        "write_to_many": works_at_school,
    },
)
