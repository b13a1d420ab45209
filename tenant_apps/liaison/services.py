"""What happens to a note. Each verb is one function: it checks, writes, leaves an audit entry, plans its effects."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from shared_apps.files import services as files
from shared_apps.signatures import services as signatures
from shared_apps.signatures.models import SignatureRequest, Slot
from shared_apps.statistics.services import request_roll_up
from tenant_apps.liaison import notifications, threads
from tenant_apps.liaison.attachments import KINDS
from tenant_apps.liaison.models import LiaisonNote
from tenant_apps.liaison.querysets import (
    PURPOSE,
    classes_of_group,
    classes_written_to_by,
    groups_written_to_by,
    slots_visible_to,
)
from tenant_apps.people.models import Enrollment, Guardianship, Pupil
from tenant_apps.schools.models import SchoolClass


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a note reaches: « 24 enfants et 41 parents liront ceci. »"""

    slots: tuple[tuple[Any, Any], ...]  # (pupil id, guardian's person id)
    pupils: tuple[Pupil, ...]
    guardians: int
    unreached: tuple[Pupil, ...]  # children with nobody to read for them

    @property
    def children(self) -> int:
        return len(self.pupils)


def audience_of(note: LiaisonNote) -> Audience:
    """The children of its classes today, or those of them that were chosen."""
    children = Pupil.objects.filter(pk__in=_enrolled(note.classes.all()).values("pupil"))
    if note.is_for_chosen:
        children = children.filter(pk__in=note.pupils.values("pk"))
    elif note.is_for_group:
        children = children.filter(pk__in=Enrollment.objects.on().of_groups([note.group]).values("pupil"))
    pupils = list(children.select_related("person").order_by("person__sort_name", "pk"))
    links = Guardianship.objects.informed().filter(pupil__in=pupils).values_list("pupil_id", "guardian_id")
    slots = tuple(links)
    reached = {pupil_id for pupil_id, _guardian in slots}
    return Audience(
        slots=slots,
        pupils=tuple(pupils),
        guardians=len({guardian for _pupil, guardian in slots}),
        unreached=tuple(p for p in pupils if p.pk not in reached),
    )


@transaction.atomic
def save_draft(
    *,
    actor: Any,
    note: LiaisonNote,
    classes: Iterable[SchoolClass],
    upload: File | None = None,
    drops_file: bool = False,
) -> LiaisonNote:
    """Write or rewrite a draft for classes of one school, all of them the author's; `upload` is its one file.

    For a group, the classes are those of the author that its children are in.
    """
    note.group = note.group if note.is_for_group else None
    classes = _classes_of_group(actor, note) if note.is_for_group else list(classes)
    if note._state.adding:
        _check(actor, "liaison.write_note")
    else:
        _check(actor, "liaison.change_note", _locked(note))
    _check_classes(actor, classes)
    note.author, note.school = actor, classes[0].school
    note.due_on = note.due_on if note.asks_answer else None
    note.planned_for = None  # what is rewritten is read again before it leaves
    note.save()
    note.classes.set(classes)
    if note.is_for_chosen:
        # Those of a class that it is no longer for.
        note.pupils.remove(*note.pupils.exclude(pk__in=_enrolled(classes).values("pupil")))
    else:
        note.pupils.clear()
    if upload or drops_file:
        _drop_file(actor, note)
    if upload:
        files.store(actor=actor, upload=upload, purpose=PURPOSE, object_id=note.pk, kinds=KINDS)
    return note


@transaction.atomic
def choose_children(*, actor: Any, note: LiaisonNote, pupils: Iterable[Pupil]) -> LiaisonNote:
    """Only the families of these children of its classes will read it, and none is told who else does."""
    note, chosen = _locked(note), list(pupils)
    _check(actor, "liaison.change_note", note)
    _check_classes(actor, list(note.classes.all()))
    if not chosen:
        raise DomainError(_("Choisissez au moins un enfant."))
    if _enrolled(note.classes.all()).filter(pupil__in=chosen).values("pupil").distinct().count() != len(chosen):
        raise PermissionDenied
    note.audience, note.group, note.planned_for = LiaisonNote.Audience.CHOSEN, None, None
    note.save(update_fields=["audience", "group", "planned_for", "updated_at"])
    note.pupils.set(chosen)
    return note


@transaction.atomic
def publish_note(*, actor: Any, note: LiaisonNote) -> LiaisonNote:
    """Send the note: the audience is fixed, each guardian is told once."""
    note = _locked(note)
    audience = _ready(actor, note)
    note.status, note.published_at, note.planned_for = LiaisonNote.Status.PUBLISHED, timezone.now(), None
    note.save(update_fields=["status", "published_at", "planned_for", "updated_at"])
    request = signatures.open_request(
        actor=actor,
        purpose=PURPOSE,
        object_id=note.pk,
        rule=SignatureRequest.Rule.EACH if note.needs_each_guardian else SignatureRequest.Rule.ONE,
        choices=note.choices,
        due_on=note.due_on,
        slots=audience.slots,
    )
    record(actor=actor, action="liaison.note_published", obj=note, children=audience.children)
    notifications.note_published(note, request)
    notifications.plan_reminder(note)
    request_roll_up()
    return note


@transaction.atomic
def plan_note(*, actor: Any, note: LiaisonNote, moment: datetime) -> LiaisonNote:
    """The draft leaves by itself at that moment, to the children of that day. Raises DomainError: past, after_due."""
    note = _locked(note)
    _ready(actor, note)
    if moment <= timezone.now():
        raise DomainError(_("Cette heure est passée."), code="past")
    if note.due_on and timezone.localdate(moment) > note.due_on:
        raise DomainError(_("Les familles doivent répondre avant ce jour-là."), code="after_due")
    note.planned_for = moment
    note.save(update_fields=["planned_for", "updated_at"])
    record(actor=actor, action="liaison.note_planned", obj=note, moment=moment.isoformat())
    notifications.plan_publication(note)
    return note


@transaction.atomic
def unplan_note(*, actor: Any, note: LiaisonNote) -> LiaisonNote:
    """It is a plain draft again."""
    note = _locked(note)
    _check(actor, "liaison.change_note", note)
    note.planned_for = None
    note.save(update_fields=["planned_for", "updated_at"])
    return note


@transaction.atomic
def publish_planned(payload: dict[str, Any]) -> None:
    """As the note is now: rewritten, taken back or planned for another moment, nothing leaves. Whose author may no more
    send it stays a draft, and its author is told.
    """
    planned = LiaisonNote.objects.drafts().filter(pk=payload["note"], planned_for=payload["at"])
    note = planned.select_for_update(of=("self",)).select_related("author").first()
    if note is None:
        return
    try:
        with transaction.atomic():
            publish_note(actor=note.author, note=note)
    except (DomainError, PermissionDenied):
        note.planned_for = None
        note.save(update_fields=["planned_for", "updated_at"])
        notifications.note_not_sent(note)


@transaction.atomic
def correct_note(*, actor: Any, note: LiaisonNote, facts: dict[str, Any]) -> LiaisonNote:
    """Other words, or another date, before anybody signed: its families are told, and have to read it again.

    Raises DomainError: closed, already_signed. What was signed is never rewritten: withdraw, and write anew.
    """
    note = _locked(note)
    _check(actor, "liaison.correct_note", note)
    changed = sorted(name for name, value in facts.items() if getattr(note, name) != value)
    if not changed:
        return note
    for name in changed:
        setattr(note, name, facts[name])
    note.corrected_at = timezone.now()
    note.save(update_fields=[*changed, "corrected_at", "updated_at"])
    request = request_of(note)
    signatures.restate(request=request, due_on=note.due_on)
    record(actor=actor, action="liaison.note_corrected", obj=note, fields=changed)
    notifications.note_corrected(note, request)
    notifications.plan_reminder(note)
    return note


@transaction.atomic
def read_note(*, actor: Any, note: LiaisonNote) -> None:
    """A guardian opened the note: it counts as read for each of their children it speaks of."""
    slots_visible_to(actor).filter(request__object_id=note.pk, read_at=None).update(read_at=timezone.now())


@transaction.atomic
def sign_note(*, actor: Any, note: LiaisonNote, slot: Slot, answer: str = "", comment: str = "") -> Slot:
    """Sign for one child, or change one's mind until the due date. `comment` begins or goes on with the exchange."""
    _check(actor, "liaison.sign_note", note)
    if not slots_visible_to(actor).filter(pk=slot.pk, request__object_id=note.pk).exists():
        raise PermissionDenied
    signed = signatures.sign(actor=actor, slot=slot, answer=answer, comment=slot.comment)
    if comment:
        threads.reply(actor=actor, note=note, pupil=Pupil.objects.get(pk=slot.subject_id), body=comment)
    request_roll_up()
    return signed


@transaction.atomic
def record_paper(
    *, actor: Any, note: LiaisonNote, pupil: Pupil, answer: str = "", signer_id: UUID | None = None
) -> None:
    """The coupon came back signed on paper. Where each adult must sign, it stands for the one who signed it."""
    _check(actor, "liaison.record_paper", note)
    enrolled = Enrollment.objects.on().filter(pupil=pupil, school_class__in=classes_written_to_by(actor))
    if not enrolled.exists():
        raise PermissionDenied
    if note.needs_each_guardian and signer_id is None:
        raise DomainError(_("Dites quel responsable a signé le papier."))
    signatures.record_paper(
        actor=actor, request=request_of(note), subject_id=pupil.pk, answer=answer, signer_id=signer_id
    )
    request_roll_up()


@transaction.atomic
def remind_note(*, actor: Any, note: LiaisonNote) -> int:
    """Tell again those whose answer is still missing, at most once a day each. Returns how many adults."""
    note = _locked(note)
    _check(actor, "liaison.remind_note", note)
    return _remind(note, actor)


@transaction.atomic
def remind_before_due(payload: dict[str, Any]) -> None:
    """As the note is now: put away, or its date gone by, nobody is told."""
    note = LiaisonNote.objects.published().filter(pk=payload["note"]).select_for_update(of=("self",)).first()
    # A correction that moved the date has planned another.
    is_of_its_date = note is not None and payload.get("due") in (None, str(note.due_on))
    if note and is_of_its_date and note.asks_answer and not note.is_late:
        _remind(note, None)


@transaction.atomic
def archive_note(*, actor: Any, note: LiaisonNote) -> LiaisonNote:
    """Put the note away: it stays readable, nobody can sign any more."""
    note = _locked(note)
    _check(actor, "liaison.archive_note", note)
    _close(actor, note)
    record(actor=actor, action="liaison.note_archived", obj=note)
    return note


@transaction.atomic
def withdraw_note(*, actor: Any, note: LiaisonNote, word: str) -> LiaisonNote:
    """It holds no more: its families are told why. What was signed stays as it was."""
    note = _locked(note)
    _check(actor, "liaison.withdraw_note", note)
    if not word:
        raise DomainError(_("Dites aux familles pourquoi ce mot est retiré."))
    note.withdrawn_for = word
    _close(actor, note)
    record(actor=actor, action="liaison.note_withdrawn", obj=note)
    notifications.note_withdrawn(note, request_of(note))
    return note


@transaction.atomic
def delete_draft(*, actor: Any, note: LiaisonNote) -> None:
    note = _locked(note)
    _check(actor, "liaison.change_note", note)
    _drop_file(actor, note)
    note.delete()


def _remind(note: LiaisonNote, actor: Any) -> int:
    today = timezone.localdate()
    slots = signatures.slots_to_remind(request_of(note), on=today)
    if slots:
        signatures.mark_reminded(slots)
        record(actor=actor, action="liaison.note_reminded", obj=note, adults=len(slots))
        notifications.note_reminded(note, slots, on=today)
    return len(slots)


def _close(actor: Any, note: LiaisonNote) -> None:
    note.status = LiaisonNote.Status.ARCHIVED
    note.save(update_fields=["status", "withdrawn_for", "updated_at"])
    signatures.close(actor=actor, request=request_of(note))


def _drop_file(actor: Any, note: LiaisonNote) -> None:
    if file := note.attachment:
        files.delete(actor=actor, file=file)


def _ready(actor: Any, note: LiaisonNote) -> Audience:
    """Whom it reaches. Rights may have been lost since the draft was written."""
    _check(actor, "liaison.publish_note", note)
    if note.is_for_group:
        note.classes.set(_classes_of_group(actor, note))  # a child may have changed class
    _check_classes(actor, list(note.classes.all()))
    audience = audience_of(note)
    if not audience.slots:
        raise DomainError(_("Personne ne recevrait ce mot : aucun responsable n’est connu pour ces enfants."))
    return audience


def _enrolled(classes: Iterable[SchoolClass]) -> QuerySet[Enrollment]:
    return Enrollment.objects.on().filter(school_class__in=classes)


def request_of(note: LiaisonNote) -> SignatureRequest:
    return SignatureRequest.objects.for_object(PURPOSE, note.pk).get()


def _locked(note: LiaisonNote) -> LiaisonNote:
    """The row as it is now, held until the transaction ends."""
    return LiaisonNote.objects.select_for_update(of=("self",)).get(pk=note.pk)


def _check(actor: Any, permission: str, note: LiaisonNote | None = None) -> None:
    if not actor.has_perm(permission, note):
        raise PermissionDenied


def _classes_of_group(actor: Any, note: LiaisonNote) -> list[SchoolClass]:
    if note.group is None:
        raise DomainError(_("Choisissez le groupe."))
    if not groups_written_to_by(actor).filter(pk=note.group.pk).exists():
        raise PermissionDenied
    return list(classes_of_group(actor, note.group))


def _check_classes(actor: Any, classes: list[SchoolClass]) -> None:
    if not classes:
        raise DomainError(_("Choisissez au moins une classe."))
    if len({c.school_id for c in classes}) > 1:
        raise DomainError(_("Un mot s’adresse aux classes d’une seule école."))
    allowed = set(classes_written_to_by(actor).values_list("pk", flat=True))
    if not all(c.pk in allowed for c in classes):
        raise PermissionDenied
