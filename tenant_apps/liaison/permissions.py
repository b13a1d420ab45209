"""Who may do what with a note. Asked by `user.has_perm("liaison.sign_note", note)`, everywhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import Exists
from rules import predicate

from core.permissions import declare
from shared_apps.signatures.models import Slot
from tenant_apps.liaison.querysets import PURPOSE, slots_visible_to
from tenant_apps.people.models import StaffAssignment


def _once(question: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Asked once of a note in hand by one account: several rights of a page ask it."""

    @wraps(question)
    def asked(user: Any, note: Any) -> bool:
        known = note.__dict__.setdefault("_answers", {})
        key = (question.__name__, user.pk)
        if key not in known:
            known[key] = question(user, note)
        return known[key]

    return asked


@predicate
def teaches_or_heads(user: Any, _obj: Any = None) -> bool:
    roles = StaffAssignment.TEACHING | {StaffAssignment.Role.HEAD}
    return StaffAssignment.objects.of(user).on().filter(role__in=roles).exists()


@predicate
def is_author(user: Any, note: Any) -> bool:
    return note.author_id == user.pk


@predicate
def heads_its_school(user: Any, note: Any) -> bool:
    heading = StaffAssignment.objects.of(user).on().filter(role=StaffAssignment.Role.HEAD, school=note.school_id)
    return heading.exists()


@predicate
def is_draft(_user: Any, note: Any) -> bool:
    return note.is_draft


@predicate
def is_published(_user: Any, note: Any) -> bool:
    return note.is_published


@predicate
def is_sent(_user: Any, note: Any) -> bool:
    return not note.is_draft


@predicate
@_once
def is_of_this_year(_user: Any, note: Any) -> bool:
    """Last year's notes are read until their date, and no longer signed."""
    return type(note).objects.of_this_year().filter(pk=note.pk).exists()


@predicate
def asks_answer(_user: Any, note: Any) -> bool:
    return note.asks_answer


@predicate
def allows_reply(_user: Any, note: Any) -> bool:
    return note.allows_reply


@predicate
@_once
def follows(user: Any, note: Any) -> bool:
    """The author, the teachers of its classes, the head of its school."""
    return type(note).objects.to_follow(user).filter(pk=note.pk).exists()


@predicate
def is_unsigned_this_year(_user: Any, note: Any) -> bool:
    signed = Slot.objects.filter(request__purpose=PURPOSE, request__object_id=note.pk, signed_at__isnull=False)
    return type(note).objects.of_this_year().filter(~Exists(signed), pk=note.pk).exists()


@predicate
@_once
def is_addressee(user: Any, note: Any) -> bool:
    return slots_visible_to(user).filter(request__object_id=note.pk).exists()


@predicate
def reads_it(user: Any, reply: Any) -> bool:
    """Somebody else's words, which have left."""
    return reply.author_id != user.pk and type(reply).objects.visible_to(user).filter(pk=reply.pk).exists()


RIGHTS = declare(
    "liaison",
    {
        "write_note": teaches_or_heads,
        "change_note": is_author & is_draft & teaches_or_heads,
        "publish_note": is_author & is_draft & teaches_or_heads,
        "follow_note": is_sent & follows,
        "remind_note": is_published & asks_answer & follows,
        "record_paper": is_published & asks_answer & follows,
        "answer_reply": is_sent & follows,
        "report_reply": reads_it,
        "archive_note": is_published & follows,
        "correct_note": is_published & follows & (is_author | heads_its_school) & is_unsigned_this_year,
        "withdraw_note": is_published & follows & (is_author | heads_its_school),
        "reply_to_note": is_published & allows_reply & is_of_this_year & is_addressee,
        "sign_note": is_published & asks_answer & is_of_this_year & is_addressee,
    },
)
