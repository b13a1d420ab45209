"""What happens to a message. Each verb checks, writes, and plans its effects; what leaves passes `delivery`."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.frozen import Asked, frozen, together
from core.ids import uuid7
from core.locks import one_at_a_time
from shared_apps.accounts.models import User
from shared_apps.audit.services import record
from shared_apps.bounds.vocabulary import Party
from shared_apps.files import services as files
from shared_apps.files.models import StoredFile
from tenant_apps.messages import audience, delivery, limits, notifications
from tenant_apps.messages.attachments import AT_MOST, KINDS, PURPOSE
from tenant_apps.messages.models import Copy, Message, Preference, RecipientList, Report
from tenant_apps.moderation import services as moderation
from tenant_apps.moderation.models import AbstractReport
from tenant_apps.people.models import Person
from tenant_apps.rights.ties import Tie, ties_of
from tenant_apps.schools.models import School
from tenants.stops import Sent, may_send

State = Message.State
MOST_FOLDERS, MOST_LISTS = 20, 20
INFORMS = frozenset({Party.HEAD, Party.TEACHER})  # whose messages without answer are a school's notices


# --- writing


@transaction.atomic
def save_draft(
    *,
    actor: Any,
    message: Message | None = None,
    subject: str = "",
    body: str = "",
    to: Iterable[str] = (),
    is_no_reply: bool = False,
    scheduled_at: datetime | None = None,
    uploads: Collection[File] = (),
    drops: Collection[Any] = (),
) -> Message:
    """Write or rewrite a draft; codes and saved lists in `to`. Nobody is told anything."""
    if message is None:
        _check(actor, "messaging.use")
        pk = uuid7()
        message = Message(pk=pk, thread=pk, author=actor)
    else:
        message = _locked(message)
        _check(actor, "messaging.change_message", message)
    message.subject, message.body, message.scheduled_at = subject, body, scheduled_at
    message.is_no_reply = is_no_reply and actor.has_perm("messaging.close_to_answers")
    message.to = audience.expand(actor, to)
    message.to_words = audience.words_of(message.to)
    message.save()
    _change_files(actor, message, uploads, drops)
    return message


def _change_files(actor: Any, message: Message, uploads: Collection[File], drops: Collection[Any]) -> None:
    mine = StoredFile.objects.of_object(PURPOSE, message.pk)
    for file in mine.filter(pk__in=drops):
        files.delete(actor=actor, file=file)
    if mine.count() + len(uploads) > AT_MOST:
        raise DomainError(_("%(most)s fichiers au plus par message.") % {"most": AT_MOST}, code="too_many_files")
    for upload in uploads:
        files.store(actor=actor, upload=upload, purpose=PURPOSE, object_id=message.pk, kinds=KINDS)


@transaction.atomic
def send(*, actor: Any, message: Message, is_confirmed: bool = False) -> Message:
    """It leaves at once or at its hour, by the outbox. `is_confirmed`: to more than fifty, said again and proved.

    Raises DomainError: stopped, empty, nobody, too_often, too_many_today, many.
    """
    one_at_a_time(f"messages:{actor.pk}")  # two clicks at once must not pass a limit together
    message = _locked(message)
    _check(actor, "messaging.send_message", message)
    if not message.body.strip():
        raise DomainError(_("Écrivez votre message avant de l’envoyer."), code="empty")
    ties = _ties(actor)
    parties = {str(tie.party) for tie in ties}
    message.reached = audience.recipients_of(message).count()
    limits.check(actor, parties, message.reached, is_confirmed=is_confirmed)
    if message.reached > limits.MANY:
        _check(actor, "messaging.write_to_many")
    sent = _said(message, ties)
    if not may_send(sent):
        raise DomainError(
            _("L’académie a suspendu l’envoi des messages. Le vôtre est gardé en brouillon."), code="stopped"
        )
    message.parties, message.school_id = sorted(parties), next((tie.school for tie in ties if tie.school), None)
    message.state, message.queued_at = State.QUEUED, timezone.now()
    if message.scheduled_at and message.scheduled_at <= message.queued_at:
        message.scheduled_at = None
    message.save()
    record(actor=actor, action="messaging.sent", obj=message, recipients=message.reached)
    delivery.plan(message, sent)
    return message


def _ties(user: Any) -> list[Tie]:
    me = Person.objects.filter(account=user).first()
    return ties_of([me.pk])[me.pk] if me else []


def _said(message: Message, ties: list[Tie]) -> Sent:
    parties = sorted({str(tie.party) for tie in ties})
    schools = School.objects.filter(pk__in={tie.school for tie in ties if tie.school}).order_by("uai")
    is_notice = message.is_no_reply and any(tie.party in INFORMS for tie in ties)
    return Sent(tuple(parties), tuple(schools.values_list("uai", flat=True)), is_notice)


@transaction.atomic
def answer(*, actor: Any, message: Message, body: str, to_all: bool = False) -> Message:
    """To who wrote; `to_all`: to the other readers too, those to whom the matrix lets one write. Leaves at once."""
    _check(actor, "messaging.answer_message", message)
    if not Copy.objects.visible_to(actor).filter(message=message).exists():
        raise PermissionDenied
    draft = Message.objects.create(
        author=actor,
        thread=message.thread,
        answers=message,
        to_all=to_all,
        subject=_answering(message.subject),
        body=body,
        to_words=message.author_name,
    )
    return send(actor=actor, message=draft)


def _answering(subject: str) -> str:
    return subject if not subject or subject.startswith("Re : ") else f"Re : {subject}"[:150]


@transaction.atomic
def hold_back(*, actor: Any, message: Message) -> Message:
    """What waits for its hour is a draft again."""
    message = _locked(message)
    _check(actor, "messaging.hold_message", message)
    message.state, message.queued_at, message.reached = State.DRAFT, None, 0
    message.save()
    return message


@transaction.atomic
def drop(*, actor: Any, message: Message) -> None:
    message = _locked(message)
    _check(actor, "messaging.drop_message", message)
    for file in StoredFile.objects.of_object(PURPOSE, message.pk):
        files.delete(actor=actor, file=file)
    message.delete()


@transaction.atomic
def recall(*, actor: Any, message: Message) -> int:
    """Taken back from those who have not read it. Returns how many; who read it keeps it."""
    message = _locked(message)
    _check(actor, "messaging.recall_message", message)
    count = _put_aside(message, State.RECALLED)
    record(actor=actor, action="messaging.recalled", obj=message, copies=count)
    return count


def _put_aside(message: Message, state: str, *, read_too: bool = False) -> int:
    copies = message.copies.received().filter(held_at=None)
    copies = copies if read_too else copies.unread()
    now = timezone.now()
    pairs = list(copies.values_list("message", "account"))
    count = copies.update(held_at=now, updated_at=now)
    notifications.take_back(pairs)
    message.state = state
    message.save(update_fields=["state", "folded", "updated_at"])
    return count


# --- reading and putting away


def read(*, actor: Any, copies: Iterable[Copy]) -> None:
    now = timezone.now()
    Copy.objects.filter(pk__in=[copy.pk for copy in copies if copy.read_at is None]).update(read_at=now, updated_at=now)


@transaction.atomic
def move(*, actor: Any, messages: Collection[Any], act: str, folder: str = "") -> int:
    """`trash`, `restore`, `unread`, or `folder`: one's own copies. Raises DomainError: unknown folder."""
    copies = Copy.objects.visible_to(actor).filter(message__in=messages)
    now = timezone.now()
    if act == "trash":
        return copies.filter(trashed_at=None).update(trashed_at=now, updated_at=now)
    if act == "restore":
        return copies.update(trashed_at=None, updated_at=now)
    if act == "unread":
        return copies.received().update(read_at=None, updated_at=now)
    if folder and folder not in preference_of(actor).folders:
        raise DomainError(_("Ce dossier n’existe plus."), code="unknown_folder")
    return copies.update(folder=folder, trashed_at=None, updated_at=now)


def preference_of(user: Any) -> Preference:
    (preference,) = together(ask_preference(user))
    return preference


def ask_preference(user: Any) -> Asked:
    """The same, to be sent with others."""
    return _preferences.asked(user).then(lambda rows: rows[0] if rows else Preference(account=user))


@frozen
def _preferences(user: User) -> QuerySet[Preference]:
    return Preference.objects.filter(account=user)


@transaction.atomic
def set_preference(*, actor: Any, folders: Collection[str], **facts: Any) -> Preference:
    """Messages of a folder that is gone go back where they arrived."""
    if len(folders) > MOST_FOLDERS:
        raise DomainError(_("%(most)s dossiers au plus.") % {"most": MOST_FOLDERS}, code="too_many_folders")
    row, _made = Preference.objects.update_or_create(account=actor, defaults={"folders": list(folders), **facts})
    gone = Copy.objects.filter(account=actor).exclude(folder="").exclude(folder__in=row.folders)
    gone.update(folder="", updated_at=timezone.now())
    return row


@transaction.atomic
def save_list(*, actor: Any, name: str, to: Iterable[str]) -> RecipientList:
    if RecipientList.objects.filter(owner=actor).count() >= MOST_LISTS:
        raise DomainError(_("%(most)s listes au plus.") % {"most": MOST_LISTS}, code="too_many_lists")
    codes = audience.expand(actor, to)
    if not codes:
        raise DomainError(_("Cochez d’abord des destinataires."), code="nobody")
    return RecipientList.objects.create(owner=actor, name=name, to=codes)


def drop_list(*, actor: Any, row: RecipientList) -> None:
    if row.owner_id != actor.pk:
        raise PermissionDenied
    row.delete()


# --- reporting


@transaction.atomic
def report(*, actor: Any, message: Message, reason: str) -> AbstractReport:
    """To the head of the school, once for each reader."""
    _check(actor, "messaging.report_message", message)
    if not Copy.objects.visible_to(actor).received().filter(message=message).exists():
        raise PermissionDenied
    school = message.school_id
    return moderation.report(actor=actor, model=Report, words=message, school_id=school, reason=reason)


def withdraw(message: Message) -> None:
    """Taken from everybody's box by the head; it is kept aside."""
    _put_aside(message, State.WITHDRAWN, read_too=True)


def _locked(message: Message) -> Message:
    rows = Message.objects.select_for_update(of=("self",)).select_related("author", "answers__author")
    return rows.get(pk=message.pk)


def _check(actor: Any, permission: str, obj: Any = None) -> None:
    if not actor.has_perm(permission, obj):
        raise PermissionDenied
