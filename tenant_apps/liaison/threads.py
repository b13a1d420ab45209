"""What a family and the school say about a note, child by child. It leaves by the outbox: a switch holds it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.locks import one_at_a_time
from shared_apps.audit.services import record
from shared_apps.notifications import outbox
from tenant_apps.liaison import notifications
from tenant_apps.liaison.models import LiaisonNote, Reply, ReplyReport, ThreadReading
from tenant_apps.liaison.querysets import classes_written_to_by, slots_visible_to
from tenant_apps.moderation import services as moderation
from tenant_apps.moderation.models import AbstractReport
from tenant_apps.people.models import Enrollment, Pupil
from tenant_apps.rights.ties import ties_of
from tenant_apps.schools.models import School
from tenants.stops import Sent

DELIVER = "liaison.reply"  # one of `tenants.stops.SENDS`
MOST_A_DAY = 20  # of one adult of a family, for all notes
TWO_CLICKS = timedelta(minutes=1)


@transaction.atomic
def reply(*, actor: Any, note: LiaisonNote, pupil: Pupil, body: str) -> Reply:
    """A guardian writes about their child. Raises DomainError: too_many."""
    _check(actor, "liaison.reply_to_note", note)
    if not slots_visible_to(actor).filter(request__object_id=note.pk, subject_id=pupil.pk).exists():
        raise PermissionDenied
    _take_turns(actor)
    since = timezone.now() - timedelta(days=1)
    if Reply.objects.filter(author=actor, is_from_school=False, created_at__gt=since).count() >= MOST_A_DAY:
        raise DomainError(_("Vous avez beaucoup écrit aujourd’hui : réessayez demain."), code="too_many")
    return _write(Reply(note=note, pupil=pupil, author=actor, body=body))


@transaction.atomic
def answer(*, actor: Any, note: LiaisonNote, pupil: Pupil, body: str) -> Reply:
    """The school answers a family who wrote. Raises DomainError: nobody_wrote."""
    _check(actor, "liaison.answer_reply", note)
    if not teaches(actor, pupil):
        raise PermissionDenied
    if not Reply.objects.filter(note=note, pupil=pupil, is_from_school=False, sent_at__isnull=False).exists():
        raise DomainError(_("Cette famille n’a rien écrit : envoyez-lui un mot ou un message."), code="nobody_wrote")
    return _write(Reply(note=note, pupil=pupil, author=actor, body=body, is_from_school=True))


@transaction.atomic
def deliver(payload: dict[str, Any]) -> None:
    """It has passed the gate: its readers see it and are told. A second time changes nothing."""
    waiting = Reply.objects.filter(pk=payload["reply"], sent_at=None).select_for_update(of=("self",))
    left = waiting.select_related("note", "pupil__person", "author").first()
    if left is None:
        return
    left.sent_at = timezone.now()
    left.save(update_fields=["sent_at", "updated_at"])
    notifications.reply_left(left, Sent.of_payload(payload))


def report(*, actor: Any, reply: Reply, reason: str) -> AbstractReport:
    """To the head of the school, once for each reader."""
    if not actor.has_perm("liaison.report_reply", reply):
        raise PermissionDenied
    facts = {"words": reply, "school_id": reply.note.school_id, "reason": reason}
    return moderation.report(actor=actor, model=ReplyReport, **facts)


def withdraw(reply: Reply) -> None:
    """By the head: nobody but its author reads it any more. It is kept as a proof."""
    reply.withdrawn_at = timezone.now()
    reply.save(update_fields=["withdrawn_at", "updated_at"])
    notifications.take_back(reply)


def mark_read(*, actor: Any, replies: Iterable[Reply]) -> None:
    """This adult has these words before their eyes. They come from `with_news_of(actor)`."""
    found = {(one.note_id, one.pupil_id) for one in replies if one.is_news}
    now = timezone.now()
    rows = [ThreadReading(note_id=note, pupil_id=pupil, account=actor, read_at=now) for note, pupil in found]
    ThreadReading.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["note", "pupil", "account"], update_fields=["read_at"]
    )


def teaches(user: Any, pupil: Pupil) -> bool:
    """Whether the child is today in a class that this person writes to."""
    return Enrollment.objects.on().filter(pupil=pupil, school_class__in=classes_written_to_by(user)).exists()


def _write(words: Reply) -> Reply:
    """Two clicks say it once."""
    _take_turns(words.author)
    words.body = words.body.strip()
    if not words.body:
        raise DomainError(_("Écrivez quelques mots avant d’envoyer."), code="empty")
    said = Reply.objects.filter(note=words.note, pupil=words.pupil, author=words.author, body=words.body)
    if twin := said.filter(created_at__gt=timezone.now() - TWO_CLICKS).first():
        return twin
    words.save(force_insert=True)
    payload = {"reply": str(words.pk), "sent": _sent_by(words.author).as_payload()}
    outbox.put(DELIVER, key=f"{DELIVER}:{words.pk}", payload=payload)
    record(actor=words.author, action="liaison.reply_written", obj=words.note, subject=str(words.pupil_id))
    return words


def _take_turns(user: Any) -> None:
    one_at_a_time(f"liaison:{user.pk}")


def _sent_by(user: Any) -> Sent:
    """Both ways: what a school tells is let through a switch, what people say to each other is not."""
    ties = ties_of([user.person.pk])[user.person.pk]
    schools = School.objects.filter(pk__in={tie.school for tie in ties if tie.school})
    parties = sorted({str(tie.party) for tie in ties})
    return Sent(tuple(parties), tuple(schools.order_by("uai").values_list("uai", flat=True)))


def _check(actor: Any, permission: str, note: LiaisonNote) -> None:
    if not actor.has_perm(permission, note):
        raise PermissionDenied
